import type { HttpHandler } from '@azure/functions';
import { cancel, type CancelDeps } from '../check/cancel.ts';
import { viewOf } from '../check/view-of.ts';
import { checkIdOf } from './check-id.ts';
import { endpoint, type EndpointDeps, noQuery } from './endpoint.ts';
import { loggedStore } from './logged-store.ts';

/** `DELETE /api/checks/{id}` */
export function cancelCheck(deps: EndpointDeps & CancelDeps): HttpHandler {
  return endpoint(
    deps,
    { roles: ['Check.Request', 'Check.Admin'], query: noQuery },
    async ({ caller, origin, request, log }) => {
      const store = loggedStore(deps.store, log);
      return { status: 200, jsonBody: viewOf(await cancel({ ...deps, store }, caller, origin, checkIdOf(request))) };
    },
  );
}
