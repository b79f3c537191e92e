import type { HttpHandler } from '@azure/functions';
import { cancel, type CancelDeps } from '../../check/cancel.ts';
import { shownTo } from '../../check/read.ts';
import type { FindIdDeps } from '../../check/sight/find-id.ts';
import { viewOf } from '../../check/state/view-of.ts';
import { logEnd } from '../../log/log-end.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { checkIdOf } from './check-id.ts';
import { checkOperations } from './operations.ts';

/** `DELETE /api/checks/{id}` */
export function cancelCheck(deps: HandlerDeps & FindIdDeps & Omit<CancelDeps, 'onEnded'>): HttpHandler {
  return httpHandler(deps, checkOperations.cancelCheck, async (call) => {
    const { actor, log } = call;
    const check = await cancel({ ...deps, onEnded: logEnd(log) }, actor, await checkIdOf(deps, call));
    return { status: 200, jsonBody: viewOf(shownTo(actor.caller, check)) };
  });
}
