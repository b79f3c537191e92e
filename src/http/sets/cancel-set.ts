import type { HttpHandler } from '@azure/functions';
import { cancelSet as cancel, type CancelSetDeps } from '../../set/cancel.ts';
import { viewOfSet } from '../../set/state/view-of-set.ts';
import { logEnd } from '../../log/log-end.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { setOperations } from './operations.ts';
import { setIdOf } from './set-id.ts';

/** `DELETE /api/sets/{id}` */
export function cancelSet(deps: HandlerDeps & Omit<CancelSetDeps, 'onEnded'>): HttpHandler {
  return httpHandler(deps, setOperations.cancelSet, async (call) => {
    const { actor, log } = call;
    const { set, members } = await cancel({ ...deps, onEnded: logEnd(log) }, actor, await setIdOf(deps, call));
    return { status: 200, jsonBody: viewOfSet(set, members) };
  });
}
