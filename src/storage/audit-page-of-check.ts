import { odata, type TableClient } from '@azure/data-tables';
import type { AuditFilter, AuditPage } from '../audit/audit-history.ts';
import { checkPrefix, monthBefore, monthOfPartition, partitionOfMonth } from './audit-keys.ts';
import { MAX_MONTHS, monthsFrom, monthWithEvents, newestMonth, oldestMonth, readMonths } from './audit-months.ts';
import { auditPage } from './audit-page.ts';
import { type KeyRange, type Row, whereAll } from './read-range.ts';

/**
 * The events of one check by their sequence. A position is the month with which to go on and, within a check that was
 * found there, a sequence.
 */
export async function auditPageOfCheck(
  { audit, now }: { readonly audit: TableClient; readonly now: () => Date },
  filter: AuditFilter & { readonly checkId: string },
  top: number,
  position = '',
): Promise<AuditPage> {
  const [partition = '', after = ''] = position.split('!');
  const prefix = checkPrefix(filter.checkId);
  const range = { after: prefix + after, before: `${prefix}:`, where: conditionsOf(filter) };
  const months = { newest: monthOfPartition(partition) ?? newestMonth(filter, now()), oldest: oldestMonth(filter) };
  const rows = await rowsOfCheck(audit, months, range, top + 1);
  if (rows.length === 0) {
    const older = monthBefore(months.newest, MAX_MONTHS);
    const next = older < months.oldest ? undefined : await monthWithEvents(audit, older);
    return { events: [], ...(next === undefined ? {} : { next: partitionOfMonth(next) }) };
  }
  const bySequence = rows.toSorted((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  const { events, next } = auditPage(audit, bySequence, top, prefix);
  return { events, ...(next === undefined ? {} : { next: `${String(rows[0]?.['partitionKey'])}!${next}` }) };
}

/**
 * Looks for a check in one month after another, the newest two first. What its own row in another table says of its time
 * is not asked: whoever changes that row must not hide its events.
 */
async function rowsOfCheck(
  audit: TableClient,
  { newest, oldest }: { readonly newest: string; readonly oldest: string },
  range: Omit<KeyRange, 'partition'>,
  limit: number,
): Promise<Row[]> {
  for (const [begin, end] of [
    [0, 2],
    [2, MAX_MONTHS],
  ] as const) {
    const months = monthsFrom(monthBefore(newest, begin), oldest, end - begin);
    const rows = await readMonths(audit, months, range, limit);
    if (rows.length === 0) continue;
    // A check lives for hours: it may have begun in the month before those, and in no earlier one.
    const older = monthsFrom(monthBefore(newest, end), oldest, 1);
    return [...rows, ...(await readMonths(audit, older, range, limit))];
  }
  return [];
}

function conditionsOf({ from, to, requester, action }: AuditFilter): string | undefined {
  const conditions = [
    from && odata`time ge ${from.toISOString()}`,
    to && odata`time lt ${to.toISOString()}`,
    whereAll({ requester, action }),
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? undefined : conditions.join(' and ');
}
