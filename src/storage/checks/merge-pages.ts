import type { CheckPage } from '../../check/ports/check-list.ts';
import { placeInLists } from './list-rows.ts';

/** Pages of several lists, all after one position, as a page of all of them; no check is in two. */
export function mergePages(pages: readonly CheckPage[], top: number): CheckPage {
  const all = pages.flatMap(({ checks }) => checks.map((check) => ({ check, place: placeInLists(check) })));
  const sorted = all.toSorted((a, b) => (a.place < b.place ? -1 : 1));
  // What comes after the end of one of the pages may have something of that list before it.
  const [end] = pages.flatMap(({ next }) => next ?? []).toSorted();
  const known = end === undefined ? sorted : sorted.filter(({ place }) => place <= end);
  const next = known.length > top ? known[top - 1]?.place : end;
  return { checks: known.slice(0, top).map(({ check }) => check), ...(next === undefined ? {} : { next }) };
}
