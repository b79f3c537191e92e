import type { TableClient } from '@azure/data-tables';
import type { CheckFilter, CheckList, CheckPage, Outcome, SeenAmong } from '../../check/ports/check-list.ts';
import { outcomeOf } from '../../check/search/check-contradictions.ts';
import { type CheckView, checkViewSchema } from '../../contract/check.ts';
import { reachabilitySchema } from '../../contract/verdict.ts';
import { historyRange, shardOfRequester, shards } from '../table/check-keys.ts';
import { listPrefixes, placeInLists } from './list-rows.ts';
import { descendingTimeKey, keysBetween } from '../table/descending-time-key.ts';
import { type Conditions, flowConditions } from '../search/flow-columns.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { notAsWritten } from '../../contract/rows/not-as-written.ts';
import { type List, nextPlace, type Placed, type Places, readLists } from '../search/read-lists.ts';
import { nameOfRow } from '../guards/as-written.ts';
import { whereAll } from '../table/read-range.ts';
import { searchSteps } from '../search/search-steps.ts';
import { fromTextProperties } from '../table/text-properties.ts';
import { orUnavailable } from '../table/unavailable.ts';

interface Deps {
  readonly checks: TableClient;
  readonly now: () => Date;
}

/** The rows that hold what is looked for: ranges of keys, of which no two have the same check. */
interface Search {
  readonly lists: readonly List[];
  readonly where?: string | undefined;
  /** Filters remain that the ranges do not cover: storage may look at many rows to find one. */
  readonly scans: boolean;
}

/** Checks by their pointers: one value of a filter is one range a shard, merged by time; one's own checks are in one shard. */
export function tableCheckList(deps: Deps): CheckList {
  return {
    page: (filter, top, after) => orUnavailable('StorageUnavailable', () => pageOf(deps, filter, top, after)),
    seenPage: (filter, seenAmong, top, after) =>
      orUnavailable('StorageUnavailable', () => seenPage(deps, filter, seenAmong, { top, after })),
  };
}

const MAX_MILLISECONDS = 5000;

/** Goes on until the page is full. One that took too long ends at a time, because the last row can be one that is not seen. */
async function seenPage(
  deps: Deps,
  filter: CheckFilter,
  seenAmong: SeenAmong,
  { top, after }: { readonly top: number; readonly after: string | undefined },
): Promise<CheckPage> {
  const begun = deps.now().getTime();
  const seen: CheckView[] = [];
  for (let position = after; ;) {
    const { checks, next } = await pageOf(deps, filter, top + 1, position);
    seen.push(...(await seenAmong(checks)));
    const shown = seen.slice(0, top);
    const end = shown.slice(-1).map(placeInLists);
    if (seen.length > top) return { checks: shown, next: end[0] };
    if (next === undefined) return { checks: shown };
    if (deps.now().getTime() - begun > MAX_MILLISECONDS)
      return { checks: shown, next: [...end, timeOf(next)].toSorted().at(-1) };
    position = next;
  }
}

/** The position before all that is of the same millisecond. */
const timeOf = (position: string): string => position.split('!')[0] ?? position;

async function pageOf(deps: Deps, filter: CheckFilter, top: number, given = ''): Promise<CheckPage> {
  const search = searchOf(filter);
  const { start, end } = keysBetween(filter, given);
  if (search.scans) return pageBySteps(deps, search, { after: start, end, top });
  return pageFrom(await readLists(deps.checks, search, { after: start, before: end }, top + 1), top);
}

/** Goes back in time step by step, so that a page that finds little ends all the same, and says where. */
async function pageBySteps(
  { checks, now }: Deps,
  search: Search,
  { after: start, end, top }: { readonly after: string; readonly end: string; readonly top: number },
): Promise<CheckPage> {
  const steps = searchSteps(now);
  const rows: Placed[] = [];
  for (let after = start; ;) {
    const boundary = steps.from(after === '' ? descendingTimeKey(now()) : after);
    const stop = [boundary, end].toSorted()[0] ?? end;
    const found = await readLists(checks, search, { after, before: stop }, top + 1);
    rows.push(...found);
    const isOver =
      stop === end || (found.length === 0 && !(await isAnyLeft(checks, search, { after: stop, before: end })));
    if (rows.length > top || isOver) return pageFrom(rows, top);
    if (steps.isOver()) return { checks: viewsOf(rows), next: boundary };
    after = boundary;
  }
}

function pageFrom(rows: readonly Placed[], top: number): CheckPage {
  const next = nextPlace(rows, top);
  return { checks: viewsOf(rows.slice(0, top)), ...(next === undefined ? {} : { next }) };
}

/** The most selective lists first; what they do not say is a condition on columns. */
function searchOf(filter: CheckFilter): Search {
  const { requesters, reachabilities, outcome, codes, statuses } = filter;
  const conditions: Conditions = {
    ...flowConditions(filter),
    reachability: reachabilities,
    outcome: outcome && [outcome],
    code: codes,
    status: statuses,
  };
  if (requesters !== undefined) {
    const where = whereAll(conditions);
    // Refused requests are there too, and have no status.
    return { lists: requesters.map(historyOf), where: where ?? "status gt ''", scans: where !== undefined };
  }
  const { prefixes, says } = listsByFlow(filter) ?? listsByStanding(filter) ?? { prefixes: [listPrefixes.all] };
  const where = whereAll({ ...conditions, ...(says !== undefined && { [says]: undefined }) });
  const lists = [...new Set(prefixes)].flatMap((prefix) => shards.map((partition) => ({ partition, prefix })));
  return { lists, where, scans: where !== undefined };
}

/** Lists, and the column that need not be looked at because they say what it would. */
interface Chosen {
  readonly prefixes: readonly string[];
  readonly says?: string | undefined;
}

function listsByFlow({ ranUnder, sources, destinations, rules }: CheckFilter): Chosen | undefined {
  if (ranUnder !== undefined) return { prefixes: ranUnder.map(listPrefixes.rule) };
  if (sources !== undefined) return { prefixes: sources.map(listPrefixes.source), says: 'source' };
  if (destinations !== undefined) {
    const prefixes = destinations.map(({ destination }) => listPrefixes.destination(destination));
    return { prefixes, says: destinations.every(({ port }) => port === undefined) ? 'destination' : undefined };
  }
  return rules && { prefixes: rules.map(listPrefixes.rule), says: 'rule' };
}

function listsByStanding({ statuses, reachabilities, outcome, codes }: CheckFilter): Chosen | undefined {
  if (codes !== undefined) return { prefixes: [listPrefixes.status('Failed')], says: 'status' };
  if (reachabilities !== undefined)
    return { prefixes: reachabilities.map(listPrefixes.reachability), says: 'reachability' };
  if (outcome !== undefined) return { prefixes: prefixesOfOutcome(outcome), says: 'outcome' };
  return statuses && { prefixes: statuses.map(listPrefixes.status), says: 'status' };
}

const historyOf = (requester: string): List => ({
  partition: shardOfRequester(requester),
  prefix: historyRange(requester, new Date(0)).from,
});

function prefixesOfOutcome(outcome: Outcome): string[] {
  const reached = reachabilitySchema.options.filter((reachability) => outcomeOf(reachability) === outcome);
  const prefixes = reached.map(listPrefixes.reachability);
  return outcome === 'notReachable' ? [...prefixes, listPrefixes.status('Failed')] : prefixes;
}

async function isAnyLeft(checks: TableClient, { lists }: Search, places: Places): Promise<boolean> {
  return (await readLists(checks, { lists }, places, 1)).length > 0;
}

/** A row that was changed is not shown, and not left out in silence either: the page is refused. */
const viewsOf = (rows: readonly Placed[]) =>
  rows.map(({ row }) => {
    const view = checkViewSchema.safeParse(jsonOf(fromTextProperties('view', row))).data;
    if (view) return view;
    throw notAsWritten(nameOfRow(row), ' Give `from` and `to` to ask without it.');
  });
