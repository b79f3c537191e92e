import type { HttpHandler } from '@azure/functions';
import type { PassOverDeps } from '../../contract/rows/not-as-written.ts';
import { listSets as list } from '../../set/list.ts';
import type { SetStore } from '../../set/ports/set-store.ts';
import { httpHandler, type HandlerDeps } from '../handler.ts';
import { cursorOf, nextLink } from '../query/next-link.ts';
import { setOperations } from './operations.ts';

const PAGE = 20;

const cursorPattern = /^\d{13}![0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `GET /api/sets` */
export function listSets(
  deps: HandlerDeps & PassOverDeps & { readonly sets: SetStore; readonly publicUrl: string },
): HttpHandler {
  return httpHandler(deps, setOperations.listSets, async ({ actor, query, request }) => {
    const { top = PAGE, after } = query;
    const { sets, next } = await list(deps, actor, top, cursorOf(after, cursorPattern));
    const link = next === undefined ? {} : { nextLink: nextLink(deps.publicUrl, request.url, {}, next) };
    return { status: 200, jsonBody: { value: sets, ...link } };
  });
}
