import type { TableClient } from '@azure/data-tables';
import type { AuditFilter, AuditHistory, AuditPage } from '../../audit/audit-history.ts';
import { actionPrefix, monthBefore, monthOf, requesterPrefix, timePrefix } from './audit-keys.ts';
import { MAX_MONTHS, monthsFrom, monthWithEvents, newestMonth, oldestMonth, readMonths } from './audit-months.ts';
import { auditPage } from './audit-page.ts';
import { auditPageOfCheck } from './audit-page-of-check.ts';
import { descendingTimeKey, keyBefore, keysBetween } from '../table/descending-time-key.ts';
import { rawReader, type RawReader } from '../table/raw-reader.ts';
import { type Row, whereAll } from '../table/read-range.ts';
import { orUnavailable } from '../table/unavailable.ts';

interface Deps {
  readonly audit: TableClient;
  readonly reader: RawReader;
  readonly now: () => Date;
}

/** Months are asked together as long as not too many rows can come. */
const MAX_ROWS_AT_ONCE = 3200;

/** The audit as ranges of months' partitions: newest first, those of one check by their sequence. */
export function tableAuditHistory(given: Omit<Deps, 'reader'>): AuditHistory {
  const deps = { ...given, reader: rawReader(given.audit) };
  return {
    page: (filter, top, after) =>
      orUnavailable('StorageUnavailable', () =>
        filter.checkId === undefined
          ? pageByTime(deps, filter, top, after)
          : auditPageOfCheck(deps, { ...filter, checkId: filter.checkId }, top, after),
      ),
  };
}

/** The newest month alone, which mostly fills a page; then those before it, ever more together. */
async function pageByTime(deps: Deps, filter: AuditFilter, top: number, after = ''): Promise<AuditPage> {
  const { audit, now } = deps;
  const { prefix, where } = rangeOf(filter);
  const { start, end } = keysBetween(filter, after);
  const range = { after: prefix + start, before: prefix + end, where };
  const oldest = oldestMonth(filter);
  const rows: Row[] = [];
  let month: string | undefined = start === '' ? newestMonth({}, now()) : monthOfOrder(start);
  for (let looked = 0; month !== undefined && month >= oldest;) {
    if (looked >= MAX_MONTHS) return { ...(await auditPage(deps, rows, top, prefix)), next: endOf(month) };
    const width = Math.min(4 * looked || 1, MAX_MONTHS - looked, Math.ceil(MAX_ROWS_AT_ONCE / top));
    rows.push(...(await readMonths(audit, monthsFrom(month, oldest, width), range, top + 1)));
    if (rows.length > top) break;
    looked += width;
    const older = monthBefore(month, width);
    month = older < oldest ? undefined : await monthWithEvents(audit, older);
  }
  return auditPage(deps, rows, top, prefix);
}

/** The most selective range; what it does not say is a condition on columns. */
function rangeOf({ requester, action }: AuditFilter): { prefix: string; where?: string | undefined } {
  if (requester !== undefined) return { prefix: requesterPrefix(requester), where: whereAll({ action }) };
  return { prefix: action === undefined ? timePrefix : actionPrefix(action) };
}

/** Where the page begins that has this month and what is older. */
const endOf = (month: string): string => keyBefore(new Date(monthBefore(month, -1)));
/** `downwards` is its own reverse. */
const monthOfOrder = (order: string): string =>
  monthOf(new Date(Number(descendingTimeKey(new Date(Number(order.slice(0, 13)))))).toISOString());
