import type { TableClient } from '@azure/data-tables';
import type { AuditFilter, AuditPage } from '../../audit/audit-history.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { checkPrefix, firstSequence, monthBefore, monthOfPartition, partitionOfMonth, READER } from './audit-keys.ts';
import { MAX_MONTHS, monthsFrom, monthWithEvents, newestMonth, oldestMonth, readMonths } from './audit-months.ts';
import { auditPage } from './audit-page.ts';
import type { RawReader } from '../table/raw-reader.ts';
import type { KeyRange, Row } from '../table/read-range.ts';

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
  const range = { after: prefix + after, before: `${prefix}~` };
  const [newest, oldest] = [monthOfPartition(partition) ?? newestMonth(filter, now()), oldestMonth(filter)];
  const rows = await rowsOfCheck(audit, newest, oldest, range, top + 1);
  const page = await auditPage({ audit, reader }, rows, top, prefix);
  const { next } = page;
  const events = page.events.filter((event) => holds(filter, event));
  if (next !== undefined) return { events, next: `${partitionOfMonth(newest)}!${next}` };
  const reached = lastSequence([after, ...rows.map(({ rowKey }) => rowKey.slice(prefix.length))]);
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
  newest: string,
  oldest: string,
  range: Omit<KeyRange, 'partition'>,
  limit: number,
): Promise<Row[]> {
  const months = monthsFrom(newest, oldest, MAX_MONTHS);
  const beyond = monthsFrom(monthBefore(newest, MAX_MONTHS), oldest, 1);
  const [rows, more] = await Promise.all([
    readMonths(audit, months, range, limit),
    // Its readers come with the months that are gone on with.
    readMonths(audit, beyond, { ...range, before: range.before.replace(/~$/, READER) }, limit),
  ]);
  return (rows.length === 0 ? [] : [...rows, ...more]).sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
}

/** The partition to go on with, passing over months without events; none where nothing older is asked for, or there. */
async function olderMonth(audit: TableClient, month: string, oldest: string): Promise<string | undefined> {
  const found = month < oldest ? undefined : await monthWithEvents(audit, month);
  return found === undefined ? undefined : partitionOfMonth(found);
}

/** A check has few events: what the filter says besides is sorted out here, and a page may be short for it. */
const holds = ({ from, to, requester, action }: AuditFilter, event: AuditEvent): boolean =>
  (from === undefined || event.time >= from.toISOString()) &&
  (to === undefined || event.time < to.toISOString()) &&
  (requester === undefined || event.requester.id === requester) &&
  (action === undefined || event.action === action);
