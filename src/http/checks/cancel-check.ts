import type { HttpHandler } from '@azure/functions';
import { cancel, type CancelDeps } from '../../check/cancel.ts';
import { viewOf } from '../../check/state/view-of.ts';
import { checkIdOf } from './check-id.ts';
import { httpHandler, type HandlerDeps, noQuery } from '../handler.ts';
import { loggedStore } from '../../log/logged-store.ts';

/** `DELETE /api/checks/{id}` */
export function cancelCheck(deps: HandlerDeps & CancelDeps): HttpHandler {
  return httpHandler(
    deps,
    { roles: ['Check.Request', 'Check.Admin'], query: noQuery },
    async ({ caller, origin, request, log }) => {
      const store = loggedStore(deps.store, log);
      return { status: 200, jsonBody: viewOf(await cancel({ ...deps, store }, caller, origin, checkIdOf(request))) };
    },
  );
}
