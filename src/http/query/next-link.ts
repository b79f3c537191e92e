import { Problem } from '../../contract/problem.ts';
import { readCursor, writeCursor } from '../../contract/cursor.ts';
import type { FlowFilter } from '../../contract/search/flow-filter.ts';

/** What a page's words came to mean: the next page is of the same check, people, machines and times. */
interface Resolved extends Pick<FlowFilter, 'sources' | 'destinations'> {
  readonly checkId?: string | undefined;
  readonly requesters?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** The same query, from a position on; it starts with the configured address, for the Host header is the caller's word. */
export function nextLink(publicUrl: string, url: string, filter: Resolved, next: string): string {
  const { checkId, requesters, sources, destinations, from, to } = filter;
  const { pathname, searchParams: query } = new URL(url);
  if (from) query.set('from', from.toISOString());
  if (to) query.set('to', to.toISOString());
  const setAll = (parameter: string, values: readonly string[] | undefined): void => {
    if (!values || !query.has(parameter)) return;
    query.delete(parameter);
    for (const value of values) query.append(parameter, value);
  };
  setAll('checkId', checkId === undefined ? undefined : [checkId]);
  setAll('requester', requesters);
  setAll('source', sources);
  setAll(
    'destination',
    destinations?.map(({ destination, askedAs }) => askedAs ?? destination),
  );
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
