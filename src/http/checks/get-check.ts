import { createHash } from 'node:crypto';
import type { HttpHandler, HttpRequest } from '@azure/functions';
import { awaitEnd, read, type ReadDeps } from '../../check/read.ts';
import { viewOf } from '../../check/state/view-of.ts';
import { retryAfter } from './check-answer.ts';
import { checkIdOf } from './check-id.ts';
import { httpHandler, type HandlerDeps, noQuery } from '../handler.ts';
import { preferenceApplied, preferredWaitSeconds } from '../prefer-wait.ts';

/** `GET /api/checks/{id}` */
export function getCheck(deps: HandlerDeps & ReadDeps & { readonly paused: boolean }): HttpHandler {
  return httpHandler(
    deps,
    { roles: ['Check.Request', 'Audit.Read'], query: noQuery },
    async ({ caller, origin, request }) => {
      const id = checkIdOf(request);
      const found = await read(deps, { caller, origin, resource: `/api/checks/${id}` }, id);
      const wait = preferredWaitSeconds(request.headers.get('prefer'));
      const check = await awaitEnd(deps, found, wait);
      const answer = check.status === 'Succeeded' ? await deps.store.answer(id) : undefined;
      const body = JSON.stringify(viewOf(check, answer, deps.paused ? {} : undefined));
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
      const headers = { etag, ...retryAfter(check, deps.now()), ...preferenceApplied(wait) };
      if (isKnown(request, etag)) return { status: 304, headers };
      return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body };
    },
  );
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2). */
function isKnown(request: HttpRequest, etag: string): boolean {
  const tags = (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
