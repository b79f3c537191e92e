import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';

/** JSON with its `ETag`, or 304 where the caller has it already. */
export function taggedAnswer(request: HttpRequest, json: unknown, more: Record<string, string>): HttpResponseInit {
  const body = JSON.stringify(json);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = { etag, ...more };
  if (isKnown(request, etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body };
}

/** If-None-Match compares weakly (RFC 9110, 13.1.2). */
function isKnown(request: HttpRequest, etag: string): boolean {
  const tags = (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
