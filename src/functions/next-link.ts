import type { HttpRequest } from '@azure/functions';
import { Problem } from '../contract/problem.ts';
import { readPosition, writePosition } from '../contract/position.ts';

/** The same query, from a position on; it starts with the configured address, for the Host header is the caller's word. */
export function nextLink(publicUrl: string, path: string, request: HttpRequest, next: string): string {
  const query = new URLSearchParams(request.query);
  query.set('after', writePosition(next));
  return `${publicUrl}${path}?${query.toString()}`;
}

/** Reads a link's position. Throws `InvalidRequest` where it is none. */
export function positionOf(after: string | undefined, pattern: RegExp): string | undefined {
  if (after === undefined) return undefined;
  const place = readPosition(after, pattern);
  if (place !== undefined) return place;
  throw new Problem('InvalidRequest', 'This is no position: follow nextLink as it was given, or leave `after` out.', {
    target: 'after',
  });
}
