import type { TableClient } from '@azure/data-tables';
import type { AuditFilter, AuditPage } from '../../audit/audit-history.ts';
import { checkPrefix, firstSequence, monthBefore, monthOfPartition, partitionOfMonth, READER } from './audit-keys.ts';
import { holds } from './audit-conditions.ts';
import { listsOf, MAX_MONTHS, monthsFrom, monthWithEvents, newestMonth, oldestMonth } from './audit-months.ts';
import { auditPage } from './audit-page.ts';
import type { RawReader } from '../table/raw-reader.ts';
import { type Placed, readLists } from '../search/read-lists.ts';

/**
 * The events of one check by their sequence, and then those who read it, newest first, out of two years, of which every
 * month is asked at once. What the check's own row in another table says of its time is not asked: whoever changes that
 * row must not hide its events. A position is the month with which to go on and, within a check that was found there, a
 * sequence or a reader.
 */
export async function auditPageOfCheck(
  { audit, reader, now }: { readonly audit: TableClient; readonly reader: RawReader; readonly now: () => Date },
  filter: AuditFilter & { readonly checkId: string },
  top: number,
  position = '',
): Promise<AuditPage> {
  const [partition = '', ...rest] = position.split('!');
  const after = rest.join('!');
  const prefix = checkPrefix(filter.checkId);
  const [newest, oldest] = [monthOfPartition(partition) ?? newestMonth(filter, now()), oldestMonth(filter)];
  const rows = await rowsOfCheck(audit, { newest, oldest, prefix, after }, top + 1);
  const page = await auditPage({ audit, reader }, rows, top);
  const { next } = page;
  // A check has few events: what the filter says besides is sorted out here, and a page may be short for it.
  const events = page.events.filter((event) => holds(filter, event));
  if (next !== undefined) return { events, next: `${partitionOfMonth(newest)}!${next}` };
  const reached = lastSequence([after, ...rows.map(({ place }) => place)]);
  const older =
    reached === firstSequence ? undefined : await olderMonth(audit, monthBefore(newest, MAX_MONTHS), oldest);
  if (older === undefined) return { events };
  return { events, next: reached === '' ? older : `${older}!${reached}` };
}

/** Nothing is older than the first event of a check: readers of older months are gone on for until that is found. */
const lastSequence = (keys: readonly string[]): string => keys.findLast((key) => !key.startsWith(READER)) ?? '';

/** By sequence. Where some are found, one month more is gone over: clocks differ, also at the end of the last month. */
async function rowsOfCheck(
  audit: TableClient,
  { newest, oldest, prefix, after }: Readonly<Record<'newest' | 'oldest' | 'prefix' | 'after', string>>,
  limit: number,
): Promise<Placed[]> {
  const read = (months: readonly string[], before: string): Promise<Placed[]> =>
    readLists(audit, { lists: listsOf(months, [prefix]) }, { after, before }, limit);
  const [rows, more] = await Promise.all([
    read(monthsFrom(newest, oldest, MAX_MONTHS), '~'),
    // Its readers come with the months that are gone on with.
    read(monthsFrom(monthBefore(newest, MAX_MONTHS), oldest, 1), READER),
  ]);
  return (rows.length === 0 ? [] : [...rows, ...more]).sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** The partition to go on with, passing over months without events; none where nothing older is asked for, or there. */
async function olderMonth(audit: TableClient, month: string, oldest: string): Promise<string | undefined> {
  const found = month < oldest ? undefined : await monthWithEvents(audit, month);
  return found === undefined ? undefined : partitionOfMonth(found);
}
