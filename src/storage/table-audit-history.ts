import { odata, type TableClient } from '@azure/data-tables';
import type { AuditFilter, AuditHistory, AuditPage } from '../audit/audit-history.ts';
import { hasEnded } from '../check/check.ts';
import {
  actionPrefix,
  checkPrefix,
  dayOfPartition,
  partitionOfDay,
  requesterPrefix,
  timePrefix,
} from './audit-keys.ts';
import { readEvent, textOf } from './audit-rows.ts';
import { readCheckRow } from './check-row.ts';
import { downwards } from './downwards.ts';
import { readRange, type Row, whereAll } from './read-range.ts';
import { orUnavailable, statusOf } from './unavailable.ts';

interface Deps {
  readonly audit: TableClient;
  readonly checks: TableClient;
  readonly now: () => Date;
}

const DAY_MILLISECONDS = 86_400_000;
/** A day that few events match is asked together with its neighbours, as long as not too many rows can come. */
const MAX_DAYS_AT_ONCE = 64;
const MAX_ROWS_AT_ONCE = 3200;
/** After that many days a page ends, short as it may be, so that every call is bounded. */
const MAX_DAYS = 400;
/** Clocks of instances differ: around midnight the newest events may be tomorrow's. */
const CLOCK_MILLISECONDS = 15 * 60_000;
/** Where a check was never kept, its one event is looked for that far back. */
const ORPHAN_DAYS = 31;

/** The audit by time, requester or action as ranges of days' partitions, newest first; by check in the days of the check. */
export function tableAuditHistory(deps: Deps): AuditHistory {
  return {
    page: (filter, top, after) =>
      orUnavailable('StorageUnavailable', () =>
        filter.checkId === undefined
          ? pageByTime(deps, filter, top, after)
          : pageOfCheck(deps, filter, filter.checkId, top, after),
      ),
  };
}

async function pageByTime(deps: Deps, filter: AuditFilter, top: number, after = ''): Promise<AuditPage> {
  const { prefix, where } = rangeOf(filter);
  const start = [after, filter.to ? downwards(before(filter.to)) : ''].toSorted().at(-1) ?? '';
  const range = { after: prefix + start, before: prefix + (filter.from ? downwards(before(filter.from)) : ':'), where };
  const firstDay = filter.from ? dayNumber(filter.from) : 0;
  const widest = Math.min(MAX_DAYS_AT_ONCE, Math.max(1, Math.floor(MAX_ROWS_AT_ONCE / top)));
  const rows: Row[] = [];
  let day: number | undefined =
    start === '' ? dayNumber(new Date(deps.now().getTime() + CLOCK_MILLISECONDS)) : dayOfOrder(start);
  let width = 1;
  for (let looked = 0; day !== undefined && day >= firstDay; looked += width, width = Math.min(widest, width * 4)) {
    if (looked >= MAX_DAYS)
      return { events: eventsOf(rows), next: downwards(new Date((day + 1) * DAY_MILLISECONDS - 1)) };
    const days = Array.from({ length: Math.min(width, day - firstDay + 1) }, (_, i) => Number(day) - i);
    const found = await Promise.all(
      days.map((each) => readRange(deps.audit, { ...range, partition: partitionOf(each) }, top + 1)),
    );
    rows.push(...found.flat());
    if (rows.length > top) return cut(rows, top, prefix);
    day -= days.length;
    if (found.every((each) => each.length === 0)) day = await dayWithRows(deps.audit, day);
  }
  return { events: eventsOf(rows) };
}

/** A page's rows are of one prefix, so the rest of the last one's key is where the next page begins. */
const cut = (rows: readonly Row[], top: number, prefix: string): AuditPage => ({
  events: eventsOf(rows.slice(0, top)),
  next: rows[top - 1]?.rowKey.slice(prefix.length),
});

async function pageOfCheck(
  deps: Deps,
  filter: AuditFilter,
  checkId: string,
  top: number,
  after = '',
): Promise<AuditPage> {
  const prefix = checkPrefix(checkId);
  const times = [
    ...(filter.from ? [odata`time ge ${filter.from.toISOString()}`] : []),
    ...(filter.to ? [odata`time lt ${filter.to.toISOString()}`] : []),
  ];
  const columns = whereAll({ requester: filter.requester, action: filter.action });
  const where = [...times, ...(columns === undefined ? [] : [columns])].join(' and ');
  const range = { after: prefix + after, before: `${prefix}:`, ...(where === '' ? {} : { where }) };
  const days = await daysOfCheck(deps, filter, checkId);
  const found = await Promise.all(
    days.map((day) => readRange(deps.audit, { ...range, partition: partitionOf(day) }, top + 1)),
  );
  const rows = found.flat().sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  return rows.length > top ? cut(rows, top, prefix) : { events: eventsOf(rows) };
}

/** From the day before the check was made to the day after it ended, for clocks differ. */
async function daysOfCheck({ checks, now }: Deps, { from, to }: AuditFilter, checkId: string): Promise<number[]> {
  const check = (await readCheckRow(checks, checkId))?.check;
  const last = check && hasEnded(check) ? new Date(check.finishedAt) : (to ?? now());
  const first = check ? new Date(check.createdAt) : (from ?? new Date(last.getTime() - ORPHAN_DAYS * DAY_MILLISECONDS));
  const [begin, end] = [dayNumber(first) - 1, dayNumber(last) + 1];
  return Array.from({ length: Math.min(MAX_DAYS, Math.max(0, end - begin + 1)) }, (_, i) => end - i);
}

/** The most selective range; what it does not say is a condition on columns. */
function rangeOf({ requester, action }: AuditFilter): { prefix: string; where?: string | undefined } {
  if (requester !== undefined) return { prefix: requesterPrefix(requester), where: whereAll({ action }) };
  return { prefix: action === undefined ? timePrefix : actionPrefix(action) };
}

/** The newest day at or before `day` that has events at all. */
async function dayWithRows(audit: TableClient, day: number): Promise<number | undefined> {
  const filter = odata`PartitionKey ge ${partitionOf(day)}`;
  try {
    for await (const page of audit
      .listEntities({ queryOptions: { filter, select: ['PartitionKey'] } })
      .byPage({ maxPageSize: 1 })) {
      const found = page[0] && dayOfPartition(String(page[0].partitionKey));
      // A stray row that stands in no day is none of the history's.
      if (found !== undefined) return dayNumber(new Date(found));
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return undefined;
}

const eventsOf = (rows: readonly Row[]) => rows.map((row) => readEvent(textOf(row)));
const before = (time: Date): Date => new Date(time.getTime() - 1);
const dayNumber = (time: Date): number => Math.floor(time.getTime() / DAY_MILLISECONDS);
const partitionOf = (day: number): string => partitionOfDay(new Date(day * DAY_MILLISECONDS).toISOString());
/** `downwards` is its own reverse. */
const dayOfOrder = (order: string): number =>
  dayNumber(new Date(Number(downwards(new Date(Number(order.slice(0, 13)))))));
