import type { HttpHandler } from '@azure/functions';
import { awaitEnd, type WaitDeps } from '../../check/await-end.ts';
import { read, type ReadDeps, stillSeen, type ViewDeps, viewWithResult } from '../../check/read.ts';
import type { FindIdDeps } from '../../check/sight/find-id.ts';
import type { Pause } from '../../check/state/stated-verdict.ts';
import { retryAfter } from './check-answer.ts';
import { checkIdOf } from './check-id.ts';
import { checkOperations } from './operations.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { preferenceApplied, preferredWaitSeconds } from '../prefer-wait.ts';
import { taggedAnswer } from '../tagged-answer.ts';

type GetCheckDeps = HandlerDeps & ReadDeps & ViewDeps & FindIdDeps & WaitDeps & { readonly pause?: Pause | undefined };

/** `GET /api/checks/{id}` */
export function getCheck(deps: GetCheckDeps): HttpHandler {
  return httpHandler(deps, checkOperations.getCheck, async (call) => {
    const { actor, request } = call;
    const found = await read(deps, actor, await checkIdOf(deps, call));
    const wait = preferredWaitSeconds(request.headers.get('prefer'));
    const awaited = await awaitEnd(deps, actor.caller.requester.id, found, wait);
    const { held } = awaited;
    const check = awaited.check === found ? found : await stillSeen(deps, actor, awaited.check);
    const headers = { ...retryAfter(check, deps.now()), ...preferenceApplied(held ? wait : 0) };
    return taggedAnswer(request, await viewWithResult(deps, check, deps.pause), headers);
  });
}
