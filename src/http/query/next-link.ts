import { Problem } from '../../contract/problem.ts';
import { readCursor, writeCursor } from '../../contract/cursor.ts';

/** What a page's words came to mean: the next page is of the same people and times. */
interface Resolved {
  readonly requesters?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The same query, from a position on; it starts with the configured address, for the Host header is the caller's word. */
export function nextLink(publicUrl: string, url: string, { requesters, from, to }: Resolved, next: string): string {
  const { pathname, searchParams: query } = new URL(url);
  if (from) query.set('from', from.toISOString());
  if (to) query.set('to', to.toISOString());
  if (requesters && query.has('requester')) {
    query.delete('requester');
    for (const requester of requesters) query.append('requester', requester);
  }
  query.set('after', writeCursor(next));
  return `${publicUrl}${pathname}?${query.toString()}`;
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
