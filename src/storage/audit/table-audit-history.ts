import type { TableClient } from '@azure/data-tables';
import type { AuditFilter, AuditHistory, AuditPage } from '../../audit/audit-history.ts';
import { isReadingOfCheck } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { DAY_MILLISECONDS } from '../../contract/time.ts';
import { conditionsOf, holds } from './audit-conditions.ts';
import { actionPrefix, monthBefore, monthOf, requesterPrefix, requestPrefix, timePrefix } from './audit-keys.ts';
import { listsOf, MAX_MONTHS, monthsFrom, monthWithEvents, newestMonth, oldestMonth } from './audit-months.ts';
import { auditPage } from './audit-page.ts';
import { auditPageOfCheck } from './audit-page-of-check.ts';
import { descendingTimeKey, keyBefore, keysBetween } from '../table/descending-time-key.ts';
import { rawReader, type RawReader } from '../table/raw-reader.ts';
import { type Placed, readLists } from '../search/read-lists.ts';
import { whereAll } from '../table/read-range.ts';
import { searchSteps } from '../search/search-steps.ts';
import { orUnavailable } from '../table/unavailable.ts';

interface Deps {
  readonly audit: TableClient;
  readonly reader: RawReader;
  readonly now: () => Date;
}

/** The checks of a set are of one request, and wait for their turn up to a day. */
const REQUEST_MILLISECONDS = 2 * DAY_MILLISECONDS;

/** Months are asked together as long as not too many rows can come. */
const MAX_ROWS_AT_ONCE = 3200;

/** The audit as ranges of months' partitions: newest first, those of one check by their sequence. */
export function tableAuditHistory(given: Omit<Deps, 'reader'>): AuditHistory {
  const deps = { ...given, reader: rawReader(given.audit) };
  return {
    page: (filter, top, after) => orUnavailable('StorageUnavailable', () => pageOf(deps, filter, top, after)),
  };
}

function pageOf(deps: Deps, filter: AuditFilter, top: number, after?: string): Promise<AuditPage> {
  const { checkId, requestId } = filter;
  if (checkId !== undefined) return auditPageOfCheck(deps, { ...filter, checkId }, top, after);
  if (requestId !== undefined) return pageOfRequest(deps, { ...filter, requestId }, top, after);
  const search = searchOf(filter);
  return search.scans ? pageBySteps(deps, search, filter, top, after) : pageByTime(deps, search, filter, top, after);
}

/**
 * All that goes back to one request. Its first events have pointers; where that is the one of a check, what else there is
 * of that check is looked through, too.
 */
async function pageOfRequest(
  deps: Deps,
  filter: AuditFilter & { readonly requestId: string },
  top: number,
  after?: string,
): Promise<AuditPage> {
  const search = { prefixes: [requestPrefix(filter.requestId)] };
  const newest = await newestOf(deps, search);
  if (!newest) return { events: [] };
  // What began that long before is of no request that came through.
  const begin = new Date(Date.parse(newest.time) - REQUEST_MILLISECONDS);
  const from = filter.from && filter.from > begin ? filter.from : begin;
  const { events: firsts } = await pageByTime(deps, search, { from: begin }, 2);
  const { checkId } = newest;
  if (firsts.length === 1 && checkId !== undefined && !isReadingOfCheck(newest))
    return auditPageOfCheck(deps, { ...filter, from, checkId }, top, after);
  const { events, ...rest } = await pageByTime(deps, search, { from, to: filter.to }, top, after);
  return { ...rest, events: events.filter((event) => holds(filter, event)) };
}

/** Of all times, in calls that are bounded each. */
async function newestOf(deps: Deps, search: Search): Promise<AuditEvent | undefined> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const { events, next }: AuditPage = await pageByTime(deps, search, {}, 1, after);
    if (events[0]) return events[0];
    after = next;
  }
  return undefined;
}

/** The newest month alone, which mostly fills a page; then those before it, ever more together. */
async function pageByTime(
  deps: Deps,
  { prefixes, where }: Search,
  filter: AuditFilter,
  top: number,
  after = '',
): Promise<AuditPage> {
  const { audit, now } = deps;
  const { start, end } = keysBetween(filter, after);
  const oldest = oldestMonth(filter);
  const rows: Placed[] = [];
  let month: string | undefined = start === '' ? newestMonth({}, now()) : monthOfOrder(start);
  for (let looked = 0; month !== undefined && month >= oldest;) {
    if (looked >= MAX_MONTHS) return { ...(await auditPage(deps, rows, top)), next: endOf(month) };
    const width = Math.min(4 * looked || 1, MAX_MONTHS - looked, Math.ceil(MAX_ROWS_AT_ONCE / (top * prefixes.length)));
    const lists = listsOf(monthsFrom(month, oldest, width), prefixes);
    rows.push(...(await readLists(audit, { lists, where }, { after: start, before: end }, top + 1)));
    if (rows.length > top) break;
    looked += width;
    const older = monthBefore(month, width);
    month = older < oldest ? undefined : await monthWithEvents(audit, older);
  }
  return auditPage(deps, rows, top);
}

/** What storage has to sort out: step by step, never beyond a month, so that the page ends in time and says where. */
async function pageBySteps(
  deps: Deps,
  { prefixes, where }: Search,
  filter: AuditFilter,
  top: number,
  position = '',
): Promise<AuditPage> {
  const { audit, now } = deps;
  const { start, end } = keysBetween(filter, position);
  const oldest = oldestMonth(filter);
  const steps = searchSteps(now);
  const rows: Placed[] = [];
  let after = start === '' ? endOf(newestMonth({}, now())) : start;
  for (let month: string | undefined = monthOfOrder(after), looked = 1; month !== undefined && month >= oldest;) {
    const endOfMonth = endOf(monthBefore(month));
    const stop = [steps.from(after), endOfMonth, end].toSorted()[0] ?? end;
    const lists = listsOf([month], prefixes);
    rows.push(...(await readLists(audit, { lists, where }, { after, before: stop }, top + 1)));
    if (rows.length > top || stop === end) break;
    if (steps.isOver() || looked > MAX_MONTHS) return { ...(await auditPage(deps, rows, top)), next: stop };
    after = stop;
    if (stop !== endOfMonth) continue;
    month = await monthWithEvents(audit, monthBefore(month));
    if (month !== undefined) after = endOf(month);
    looked++;
  }
  return auditPage(deps, rows, top);
}

interface Search {
  readonly prefixes: readonly string[];
  readonly where?: string | undefined;
  /** Storage may look at many rows to find one. */
  readonly scans?: boolean;
}

/** Pointers where they say all that is asked; else the events' own rows, whose columns do. */
function searchOf(filter: AuditFilter): Search {
  const { requesters, actions } = filter;
  const conditions = conditionsOf(filter);
  const pointed = ['requester', 'action'];
  if (Object.entries(conditions).some(([column, values]) => values !== undefined && !pointed.includes(column)))
    return { prefixes: [timePrefix], where: whereAll(conditions), scans: true };
  if (requesters !== undefined)
    return { prefixes: requesters.map(requesterPrefix), where: whereAll({ action: actions }) };
  return { prefixes: actions === undefined ? [timePrefix] : [...new Set(actions)].map(actionPrefix) };
}

/** Where the page begins that has this month and what is older. */
const endOf = (month: string): string => keyBefore(new Date(monthBefore(month, -1)));
/** `downwards` is its own reverse. */
const monthOfOrder = (order: string): string =>
  monthOf(new Date(Number(descendingTimeKey(new Date(Number(order.slice(0, 13)))))).toISOString());
