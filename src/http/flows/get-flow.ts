import type { HttpHandler, HttpRequest } from '@azure/functions';
import type { CompareDeps } from '../../check/compare/comparison.ts';
import { flowHistory } from '../../check/flow/flow-history.ts';
import { readPair } from '../../check/flow/read-pair.ts';
import type { FindNamedTarget } from '../../contract/request/sides.ts';
import { stripQuery } from '../../contract/strip-query.ts';
import { findNamedTarget } from '../../policy/find-named-target.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { flowOperations } from './operations.ts';

type GetFlowDeps = HandlerDeps & CompareDeps;

/** `GET /api/flows` */
export function getFlow(deps: GetFlowDeps): HttpHandler {
  return httpHandler(deps, flowOperations.getFlow, async ({ actor, query, request }) => {
    const endpoints: FindNamedTarget = (name) => findNamedTarget(deps.policy, actor.caller, name);
    const asked = readPair({ sources: [endpoints], destinations: [endpoints] }, query);
    return { status: 200, jsonBody: await flowHistory(deps, actor, { asked, resource: resourceOf(request) }) };
  });
}

/** Path and query for the audit, which keeps no query of an address. */
function resourceOf({ url, query }: HttpRequest): string {
  const kept = new URLSearchParams(query);
  kept.set('destination', stripQuery(kept.get('destination') ?? '') ?? '');
  return `${new URL(url).pathname}?${kept.toString()}`;
}
