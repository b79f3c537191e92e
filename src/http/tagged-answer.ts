import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { etagOf, isKnown } from './etag.ts';

/** JSON with its `ETag`, or 304 where the caller has it already. */
export function taggedAnswer(request: HttpRequest, json: unknown, more: Record<string, string>): HttpResponseInit {
  const body = JSON.stringify(json);
  const etag = etagOf(body);
  const headers = { etag, ...more };
  if (isKnown(request, etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json' }, body };
}
