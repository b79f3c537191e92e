import type { HttpRequest } from '@azure/functions';
import { Problem } from '../contract/problem.ts';
import { readCursor, writeCursor } from '../contract/cursor.ts';

/** The same query, from a position on; it starts with the configured address, for the Host header is the caller's word. */
export function nextLink(publicUrl: string, path: string, request: HttpRequest, next: string): string {
  const query = new URLSearchParams(request.query);
  query.set('after', writeCursor(next));
  return `${publicUrl}${path}?${query.toString()}`;
}

/** Reads a link's position. Throws `InvalidRequest` where it is none. */
export function cursorOf(after: string | undefined, pattern: RegExp): string | undefined {
  if (after === undefined) return undefined;
  const cursor = readCursor(after, pattern);
  if (cursor !== undefined) return cursor;
  throw new Problem('InvalidRequest', 'This is no position: follow nextLink as it was given, or leave `after` out.', {
    target: 'after',
  });
}
