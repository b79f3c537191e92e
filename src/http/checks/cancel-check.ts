import type { HttpHandler } from '@azure/functions';
import { cancel, type CancelDeps } from '../../check/cancel.ts';
import { viewOf } from '../../check/state/view-of.ts';
import { logEnd } from '../../log/log-end.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { checkIdOf } from './check-id.ts';
import { checkOperations } from './operations.ts';

/** `DELETE /api/checks/{id}` */
export function cancelCheck(deps: HandlerDeps & Omit<CancelDeps, 'onEnded'>): HttpHandler {
  return httpHandler(deps, checkOperations.cancelCheck, async ({ actor, request, log }) => {
    const check = await cancel({ ...deps, onEnded: logEnd(log) }, actor, checkIdOf(request));
    return { status: 200, jsonBody: viewOf(check) };
  });
}
