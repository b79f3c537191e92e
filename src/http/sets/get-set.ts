import type { HttpHandler } from '@azure/functions';
import { type AwaitSetDeps, awaitSet, readSet, type ReadSetDeps } from '../../set/read.ts';
import { viewOfSet } from '../../set/state/view-of-set.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { preferenceApplied, preferredWaitSeconds } from '../prefer-wait.ts';
import { taggedAnswer } from '../tagged-answer.ts';
import { setOperations } from './operations.ts';
import { retryAfterOf } from './set-answer.ts';
import { setIdOf } from './set-id.ts';

/** `GET /api/sets/{id}` */
export function getSet(deps: HandlerDeps & ReadSetDeps & AwaitSetDeps): HttpHandler {
  return httpHandler(deps, setOperations.getSet, async (call) => {
    const { actor, request } = call;
    const found = await readSet(deps, actor, await setIdOf(deps, call));
    const wait = preferredWaitSeconds(request.headers.get('prefer'));
    const { stored, held } = await awaitSet(deps, actor.caller.requester.id, found, wait);
    const headers = { ...retryAfterOf(stored), ...preferenceApplied(held ? wait : 0) };
    return taggedAnswer(request, viewOfSet(stored.set, stored.members), headers);
  });
}
