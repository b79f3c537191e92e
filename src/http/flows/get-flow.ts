import type { HttpHandler } from '@azure/functions';
import type { CompareDeps } from '../../check/compare/comparison.ts';
import { flowHistory } from '../../check/flow/flow-history.ts';
import { readPair } from '../../check/flow/read-pair.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { resourceOf } from '../query/resource-of.ts';
import { flowOperations } from './operations.ts';

type GetFlowDeps = HandlerDeps & CompareDeps & NamesDeps;

/** `GET /api/flows` */
export function getFlow(deps: GetFlowDeps): HttpHandler {
  return httpHandler(deps, flowOperations.getFlow, async ({ actor, query, request }) => {
    const asked = await readPair(deps, actor, query);
    return { status: 200, jsonBody: await flowHistory(deps, actor, { asked, resource: resourceOf(request.url) }) };
  });
}
