import { odata, type TableClient } from '@azure/data-tables';
import type { AuditFilter } from '../../audit/audit-history.ts';
import { monthBefore, monthOf, monthOfPartition, partitionOfMonth } from './audit-keys.ts';
import type { List } from '../search/read-lists.ts';
import { statusOf } from '../table/unavailable.ts';

/** After that many months, two years from any day, a page ends, short as it may be: every call is bounded. */
export const MAX_MONTHS = 25;
/** Clocks of instances differ: at the end of a month the newest events may be the next one's. */
const CLOCK_MILLISECONDS = 15 * 60_000;
const FIRST_MONTH = '1970-01';

/** The newest month that a search without a position looks at. */
export const newestMonth = ({ to }: AuditFilter, now: Date): string =>
  monthOf((to ? new Date(to.getTime() - 1) : new Date(now.getTime() + CLOCK_MILLISECONDS)).toISOString());

export const oldestMonth = ({ from }: AuditFilter): string => (from ? monthOf(from.toISOString()) : FIRST_MONTH);

/** At most `width` months, newest first, down to the oldest. */
export const monthsFrom = (month: string, oldest: string, width: number): string[] =>
  Array.from({ length: width }, (_, i) => monthBefore(month, i)).filter((each) => each >= oldest);

/** Lists with these prefixes in each of the months. */
export const listsOf = (months: readonly string[], prefixes: readonly string[]): List[] =>
  months.flatMap((month) => prefixes.map((prefix) => ({ partition: partitionOfMonth(month), prefix })));

/** The newest month at or before `month` that can have events, in one read: a search passes over those that are empty. */
export async function monthWithEvents(audit: TableClient, month: string): Promise<string | undefined> {
  const filter = odata`PartitionKey ge ${partitionOfMonth(month)} and PartitionKey le ${partitionOfMonth(FIRST_MONTH)}`;
  const pages = audit.listEntities({ queryOptions: { filter, select: ['PartitionKey'] } }).byPage({ maxPageSize: 1 });
  try {
    // A stray row, which stands in no month, passes over nothing.
    for await (const [first] of pages) if (first) return monthOfPartition(String(first.partitionKey)) ?? month;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return undefined;
}
