import type { HttpHandler } from '@azure/functions';
import { listSources as list, type SourcesDeps } from '../../sources/list-sources.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { cursorOf, nextLink } from '../query/next-link.ts';
import { sourceOperations } from './operations.ts';

const PAGE = 100;
const cursorPattern = /^[\x20-\x7e]{1,8000}$/;

/** `GET /api/sources` */
export function listSources(deps: HandlerDeps & SourcesDeps & { readonly publicUrl: string }): HttpHandler {
  return httpHandler(deps, sourceOperations.listSources, async ({ actor, query, request }) => {
    const { search, top = PAGE } = query;
    const after = cursorOf(query.after, cursorPattern);
    const { sources, next, unreadable } = await list(deps, actor, { search, top, after });
    return {
      status: 200,
      jsonBody: {
        value: sources,
        ...(next !== undefined && { nextLink: nextLink(deps.publicUrl, request.url, {}, next) }),
        ...(unreadable.length > 0 && { unreadable }),
      },
    };
  });
}
