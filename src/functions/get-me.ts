import type { HttpHandler } from '@azure/functions';
import { applicableTo } from '../policy/applicable.ts';
import type { Policy } from '../policy/policy.ts';
import { endpoint, type EndpointDeps, noQuery } from './endpoint.ts';

/** `GET /api/me`: who the caller is to the proxy, and what applies to it. No role is needed to see oneself. */
export function getMe(deps: EndpointDeps & { readonly policy: Policy }): HttpHandler {
  return endpoint(deps, { roles: [], query: noQuery }, ({ caller }) => {
    const { requester, roles } = caller;
    return Promise.resolve({ status: 200, jsonBody: { requester, roles, ...applicableTo(deps.policy, caller) } });
  });
}
