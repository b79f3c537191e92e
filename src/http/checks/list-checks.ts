import type { HttpHandler } from '@azure/functions';
import { list } from '../../check/list.ts';
import { listVisible, type ListVisibleDeps } from '../../check/sight/list-visible.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { cursorOf, nextLink } from '../query/next-link.ts';
import { resourceOf } from '../query/resource-of.ts';
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
    const { top = PAGE, after, scope, ...asked } = query;
    const cursor = cursorOf(after, cursorPattern);
    const wanted = { asked, top, after: cursor, resource: resourceOf(request.url) };
    const { checks, next, filter } = await (scope === 'visible' ? listVisible : list)(deps, actor, wanted);
    const link = next === undefined ? {} : { nextLink: nextLink(deps.publicUrl, request.url, filter, next) };
    return { status: 200, jsonBody: { value: checks, ...link } };
  });
}
