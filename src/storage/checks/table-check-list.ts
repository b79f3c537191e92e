import type { TableClient } from '@azure/data-tables';
import type { CheckFilter, CheckList, CheckPage } from '../../check/ports/check-list.ts';
import { checkViewSchema } from '../../contract/check.ts';
import { DAY_MILLISECONDS } from '../../contract/time.ts';
import { historyRange, shardOfRequester, shards } from '../table/check-keys.ts';
import { keyOfText, listPrefixes } from './list-rows.ts';
import { mergePages } from './merge-pages.ts';
import { descendingTimeKey, keysBetween } from '../table/descending-time-key.ts';
import { Problem } from '../../contract/problem.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { nextPosition, readRange, type Row, whereAll } from '../table/read-range.ts';
import { fromTextProperties } from '../table/text-properties.ts';
import { orUnavailable } from '../table/unavailable.ts';

interface Deps {
  readonly checks: TableClient;
  readonly now: () => Date;
}

/** Ranges of keys that hold what is looked for, one in each shard. */
interface Search {
  readonly shards: readonly string[];
  readonly prefix: string;
  readonly where?: string | undefined;
  /** Filters remain that the range of keys does not cover: storage may look at many rows to find one. */
  readonly scans: boolean;
}

/** Such a search goes back in time in growing steps, and ends its page when it has taken that long. */
const MAX_MILLISECONDS = 5000;
const LONG_STEP_MILLISECONDS = 1000;

/** Checks by their pointers: one filter is one range a shard, merged by time; one's own checks are in one shard. */
export function tableCheckList(deps: Deps): CheckList {
  return {
    page: (filter, top, after) =>
      orUnavailable('StorageUnavailable', () =>
        filter.rules ? pageOfRules(deps, filter, filter.rules, top, after) : pageOf(deps, filter, top, after),
      ),
  };
}

async function pageOfRules(
  deps: Deps,
  filter: CheckFilter,
  rules: readonly string[],
  top: number,
  after?: string,
): Promise<CheckPage> {
  const pages = await Promise.all(rules.map((rule) => pageOf(deps, { ...filter, rule }, top, after)));
  return mergePages(pages, top);
}

/** One rule's checks have a list of their own. */
type OneListFilter = CheckFilter & { readonly rule?: string };

async function pageOf(deps: Deps, filter: OneListFilter, top: number, given = ''): Promise<CheckPage> {
  const search = searchOf(filter);
  const { prefix } = search;
  const keys = keysBetween(filter, given);
  const [start, end] = [keys.start, prefix + keys.end];
  if (search.scans) return pageBySteps(deps, search, { after: start, end, top });
  const rows = await readShards(deps.checks, search, { after: prefix + start, before: end }, top + 1);
  return pageFrom(rows, top, prefix);
}

/** Goes back in time step by step, so that a page that finds little ends all the same, and says where. */
async function pageBySteps(
  { checks, now }: Deps,
  search: Search,
  { after: start, end, top }: { readonly after: string; readonly end: string; readonly top: number },
): Promise<CheckPage> {
  const { prefix } = search;
  const begun = now().getTime();
  const rows: Row[] = [];
  let after = start;
  for (let days = 1; ;) {
    const stepBegun = now().getTime();
    const boundary = stepFrom(after === '' ? descendingTimeKey(now()) : after, days);
    const stop = [prefix + boundary, end].toSorted()[0] ?? end;
    const found = await readShards(checks, search, { after: prefix + after, before: stop }, top + 1);
    rows.push(...found);
    const isOver =
      stop === end || (found.length === 0 && !(await isAnyLeft(checks, search, { after: stop, before: end })));
    if (rows.length > top || isOver) return pageFrom(rows, top, prefix);
    if (now().getTime() - begun > MAX_MILLISECONDS) return { checks: viewsOf(rows), next: boundary };
    after = boundary;
    if (now().getTime() - stepBegun < LONG_STEP_MILLISECONDS) days *= 4;
  }
}

function pageFrom(rows: readonly Row[], top: number, prefix: string): CheckPage {
  const next = nextPosition(rows, top, prefix);
  return { checks: viewsOf(rows.slice(0, top)), ...(next === undefined ? {} : { next }) };
}

/** The most selective range first; the rest are conditions on columns. */
function searchOf({ rule, requester, source, destination, status, reachability }: OneListFilter): Search {
  const sourceKey = source === undefined ? undefined : keyOfText(source);
  const destinationKey = destination === undefined ? undefined : keyOfText(destination);
  const rest = { source: sourceKey, destination: destinationKey, reachability, status };
  const search = (prefix: string, left: Readonly<Record<string, string | undefined>>): Search => {
    const where = whereAll(left);
    return { shards, prefix, where, scans: where !== undefined };
  };
  if (rule !== undefined) return search(listPrefixes.rule(rule), rest);
  if (requester !== undefined) {
    const own = search(historyRange(requester, new Date(0)).from, rest);
    // Refused requests are there too, and have no status.
    return { ...own, shards: [shardOfRequester(requester)], where: own.where ?? "status gt ''" };
  }
  if (source !== undefined) return search(listPrefixes.source(source), { ...rest, source: undefined });
  if (destination !== undefined)
    return search(listPrefixes.destination(destination), { ...rest, destination: undefined });
  if (reachability !== undefined)
    return search(listPrefixes.reachability(reachability), { ...rest, reachability: undefined });
  return search(status === undefined ? listPrefixes.all : listPrefixes.status(status), {});
}

interface Keys {
  readonly after: string;
  readonly before: string;
}

async function readShards(checks: TableClient, { shards, where }: Search, keys: Keys, limit: number): Promise<Row[]> {
  const found = await Promise.all(shards.map((partition) => readRange(checks, { ...keys, partition, where }, limit)));
  return found.flat().sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
}

async function isAnyLeft(checks: TableClient, { shards, prefix }: Search, keys: Keys): Promise<boolean> {
  const none = { shards, prefix, scans: false };
  return (await readShards(checks, none, keys, 1)).length > 0;
}

/** That many days further back. */
const stepFrom = (order: string, days: number): string =>
  String(Number(order.slice(0, 13)) + days * DAY_MILLISECONDS).padStart(13, '0');

/** A row that was changed is not shown, and not left out in silence either: the page is refused. */
const viewsOf = (rows: readonly Row[]) =>
  rows.map((row) => {
    const view = checkViewSchema.safeParse(jsonOf(fromTextProperties('view', row))).data;
    if (view) return view;
    const place = `${String(row['partitionKey'])}/${row.rowKey}`;
    const message = `The row checks/${place} is not as it was written: it must be deleted. Give \`from\` and \`to\` to ask without it.`;
    throw new Problem('InternalError', message, { cause: new Error(message) });
  });
