import type { HttpHandler } from '@azure/functions';
import { type LimitDeps, limitsOf } from '../../check/count-request.ts';
import { applicableTo } from '../../policy/applicable.ts';
import { httpHandler, type HandlerDeps, noQuery } from '../handler.ts';

/** `GET /api/me`: who the caller is to the proxy, and what applies to it. No role is needed to see oneself. */
export function getMe(deps: HandlerDeps & LimitDeps): HttpHandler {
  return httpHandler(deps, { roles: [], query: noQuery }, async ({ caller }) => {
    const { requester, roles } = caller;
    const limits = await limitsOf(deps, requester.id);
    // Who may not ask for a check is to learn nothing of what others may.
    const applicable = roles.includes('Check.Request')
      ? applicableTo(deps.policy, caller)
      : { rules: [], endpoints: [] };
    return { status: 200, jsonBody: { requester, roles, ...applicable, limits } };
  });
}
