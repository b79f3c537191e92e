import { odata, type TableClient } from '@azure/data-tables';
import type { AuditFilter, AuditHistory, AuditPage } from '../audit/audit-history.ts';
import type { AuditEvent } from '../audit/event.ts';
import { Problem } from '../contract/problem.ts';
import {
  actionPrefix,
  checkPrefix,
  monthBefore,
  monthOf,
  monthOfPartition,
  partitionOfMonth,
  requesterPrefix,
  timePrefix,
} from './audit-keys.ts';
import { monthsFrom, monthWithEvents, newestMonth, oldestMonth, readMonths } from './audit-months.ts';
import { eventOfRow } from './audit-rows.ts';
import { downwards } from './downwards.ts';
import { type Row, whereAll } from './read-range.ts';
import { orUnavailable } from './unavailable.ts';

interface Deps {
  readonly audit: TableClient;
  readonly now: () => Date;
}

/** After that many months, two years from any day, a page ends, short as it may be: every call is bounded. */
const MAX_MONTHS = 25;
/** Months are asked together as long as not too many rows can come. */
const MAX_ROWS_AT_ONCE = 3200;

/** The audit as ranges of months' partitions: newest first, those of one check by their sequence. */
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

/** The newest month alone, which mostly fills a page; then those before it, ever more together. */
async function pageByTime({ audit, now }: Deps, filter: AuditFilter, top: number, after = ''): Promise<AuditPage> {
  const { prefix, where } = rangeOf(filter);
  const start = [after, filter.to ? downwards(before(filter.to)) : ''].toSorted().at(-1) ?? '';
  const range = { after: prefix + start, before: prefix + (filter.from ? downwards(before(filter.from)) : ':'), where };
  const oldest = oldestMonth(filter);
  const rows: Row[] = [];
  let month: string | undefined = start === '' ? newestMonth({}, now()) : monthOfOrder(start);
  for (let looked = 0; month !== undefined && month >= oldest;) {
    if (looked >= MAX_MONTHS) return { events: eventsOf(audit, rows), next: endOf(month) };
    const width = Math.min(4 * looked || 1, MAX_MONTHS - looked, Math.ceil(MAX_ROWS_AT_ONCE / top));
    rows.push(...(await readMonths(audit, monthsFrom(month, oldest, width), range, top + 1)));
    if (rows.length > top) return cut(audit, rows, top, prefix);
    looked += width;
    const older = monthBefore(month, width);
    month = older < oldest ? undefined : await monthWithEvents(audit, older);
  }
  return { events: eventsOf(audit, rows) };
}

/**
 * A check is looked for in one month after another; what its own row in another table says of its time is not asked,
 * because who changes that row must not hide its events. A position is the month with which the search began and, once
 * the check was found, a sequence.
 */
async function pageOfCheck(
  { audit, now }: Deps,
  filter: AuditFilter,
  checkId: string,
  top: number,
  position = '',
): Promise<AuditPage> {
  const [partition = '', after = ''] = position.split('!');
  const [prefix, oldest] = [checkPrefix(checkId), oldestMonth(filter)];
  const range = { after: prefix + after, before: `${prefix}:`, where: conditionsOf(filter) };
  const month = monthOfPartition(partition) ?? newestMonth(filter, now());
  const rows = await readMonths(audit, monthsFrom(month, oldest, MAX_MONTHS), range, top + 1);
  const older = monthBefore(month, MAX_MONTHS);
  if (rows.length === 0 && after === '') {
    const next = older < oldest ? undefined : await monthWithEvents(audit, older);
    return { events: [], ...(next === undefined ? {} : { next: partitionOfMonth(next) }) };
  }
  // A check lives for hours: it may have begun in the month before those, and in no earlier one.
  rows.push(...(await readMonths(audit, monthsFrom(older, oldest, 1), range, top + 1)));
  rows.sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  if (rows.length <= top) return { events: eventsOf(audit, rows) };
  const { events, next = '' } = cut(audit, rows, top, prefix);
  return { events, next: `${partitionOfMonth(month)}!${next}` };
}

/** The most selective range; what it does not say is a condition on columns. */
function rangeOf({ requester, action }: AuditFilter): { prefix: string; where?: string | undefined } {
  if (requester !== undefined) return { prefix: requesterPrefix(requester), where: whereAll({ action }) };
  return { prefix: action === undefined ? timePrefix : actionPrefix(action) };
}

function conditionsOf({ from, to, requester, action }: AuditFilter): string | undefined {
  const conditions = [
    from && odata`time ge ${from.toISOString()}`,
    to && odata`time lt ${to.toISOString()}`,
    whereAll({ requester, action }),
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? undefined : conditions.join(' and ');
}

/** A page's rows are of one prefix, so the rest of the last one's key is where the next page begins. */
const cut = (audit: TableClient, rows: readonly Row[], top: number, prefix: string): AuditPage => ({
  events: eventsOf(audit, rows.slice(0, top)),
  next: rows[top - 1]?.rowKey.slice(prefix.length),
});

/** A row that was changed is not shown, and not left out in silence either: the page is refused. */
function eventsOf(audit: TableClient, rows: readonly Row[]): AuditEvent[] {
  return rows.map((row) => {
    const event = eventOfRow(row);
    if (event) return event;
    const changed = `The row ${audit.tableName}/${String(row['partitionKey'])}/${row.rowKey} of the audit is not as it was written.`;
    const message = `${changed} Verify the days around it, and give \`from\` and \`to\` to ask without it.`;
    throw new Problem('InternalError', message, { cause: new Error(changed) });
  });
}

const before = (time: Date): Date => new Date(time.getTime() - 1);
/** Where the page begins that has this month and what is older. */
const endOf = (month: string): string => downwards(before(new Date(monthBefore(month, -1))));
/** `downwards` is its own reverse. */
const monthOfOrder = (order: string): string =>
  monthOf(new Date(Number(downwards(new Date(Number(order.slice(0, 13)))))).toISOString());
