import type { HttpHandler, HttpRequest } from '@azure/functions';
import type { z } from 'zod';
import { list } from '../../check/list.ts';
import { listVisible, type ListVisibleDeps } from '../../check/sight/list-visible.ts';
import { stripQuery } from '../../contract/strip-query.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { cursorOf, nextLink } from '../next-link.ts';
import { inTenant } from '../query-fields.ts';
import { checkOperations } from './operations.ts';

export interface ListChecksDeps extends HandlerDeps, ListVisibleDeps {
  readonly policy: ListVisibleDeps['policy'];
  readonly publicUrl: string;
}

const PAGE = 50;

const cursorPattern = /^\d{13}(![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/;

/** `GET /api/checks` */
export function listChecks(deps: ListChecksDeps): HttpHandler {
  return httpHandler(deps, checkOperations.listChecks, async ({ actor, query, request }) => {
    const { top = PAGE, after, requester, scope, ...rest } = query;
    const { tenantId } = actor.caller.requester;
    const filter = { ...rest, requester: requester === undefined ? undefined : inTenant(requester, tenantId) };
    const cursor = cursorOf(after, cursorPattern);
    const resource = resourceOf(request, query);
    const wanted = { filter, top, after: cursor, resource };
    const { checks, next } = await (scope === 'visible' ? listVisible : list)(deps, actor, wanted);
    const link = next === undefined ? {} : { nextLink: nextLink(deps.publicUrl, '/api/checks', request, next) };
    return { status: 200, jsonBody: { value: checks, ...link } };
  });
}

type Query = z.infer<typeof checkOperations.listChecks.query>;

/** Path and query for the audit, which keeps no query of an address. */
function resourceOf({ url, query }: HttpRequest, { source, destination }: Query): string {
  const kept = new URLSearchParams(query);
  for (const [name, address] of Object.entries({ source, destination }))
    if (address !== undefined) kept.set(name, stripQuery(address) ?? '');
  const search = kept.toString();
  return new URL(url).pathname + (search === '' ? '' : `?${search}`);
}
