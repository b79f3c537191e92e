import type { TableEntity, TransactionAction } from '@azure/data-tables';
import type { Check } from '../../check/state/check.ts';
import { foldCase } from '../../arm/fold-case.ts';
import { outcomeOf } from '../../check/search/check-contradictions.ts';
import { ruleOf } from '../../check/sight/sight.ts';
import { viewOf } from '../../check/state/view-of.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { sha256 } from '../../contract/sha256.ts';
import { shardOf } from '../table/check-keys.ts';
import { descendingTimeKey } from '../table/descending-time-key.ts';
import { flowColumns, withoutAbsent } from '../search/flow-columns.ts';
import { toHistoryRow } from './history-row.ts';
import { toTextProperties } from '../table/text-properties.ts';

/** A long or odd text as part of a key. Ids and host names ignore case. */
export const keyOfText = (text: string): string => sha256(foldCase(text)).slice(0, 32);

export const listPrefixes = {
  all: 'all!',
  source: (source: string): string => `src!${keyOfText(source)}!`,
  destination: (destination: string): string => `dst!${keyOfText(destination)}!`,
  status: (status: string): string => `st!${status}!`,
  reachability: (reachability: string): string => `re!${reachability}!`,
  /** Ids of rules differ by letter case. */
  rule: (rule: string): string => `ru!${sha256(rule).slice(0, 32)}!`,
};

/** Where a check stands in every list, newest first. */
export const placeInLists = ({ createdAt, id }: Pick<Check, 'createdAt' | 'id'>): string =>
  `${descendingTimeKey(new Date(createdAt))}!${id}`;

/**
 * What a write of a check changes in the lists, to be done in the same transaction: each list has the whole view of it.
 * Nothing, where readers see no difference.
 */
export function listRowChanges(before: Check | undefined, next: Check): TransactionAction[] {
  const view = canonicalJson(viewOf(next));
  if (before && canonicalJson(viewOf(before)) === view && ruleOf(before) === ruleOf(next)) return [];
  const columns = { ...columnsOf(next), ...toTextProperties('view', view) };
  const rows: TableEntity[] = [
    { ...toHistoryRow(next), ...columns },
    ...prefixesOf(next).map((prefix) => ({ ...listRowOf(next, prefix), ...columns })),
  ];
  const changes = rows.map((row): TransactionAction => (before ? ['upsert', row, 'Replace'] : ['create', row]));
  if (before && before.status !== next.status)
    changes.push(['delete', listRowOf(before, listPrefixes.status(before.status))]);
  const rule = before && ruleOf(before);
  if (before && rule !== undefined && rule !== ruleOf(next))
    changes.push(['delete', listRowOf(before, listPrefixes.rule(rule))]);
  return changes;
}

const listRowOf = (check: Check, prefix: string) => ({
  partitionKey: shardOf(check.id),
  rowKey: prefix + placeInLists(check),
});

function prefixesOf(check: Check): string[] {
  const { source, destination, reachability } = partsOf(check);
  const rule = ruleOf(check);
  return [
    listPrefixes.all,
    listPrefixes.source(source),
    listPrefixes.destination(destination),
    listPrefixes.status(check.status),
    ...(reachability === undefined ? [] : [listPrefixes.reachability(reachability)]),
    ...(rule === undefined ? [] : [listPrefixes.rule(rule)]),
  ];
}

/** What filters look at beside the list's own key. */
function columnsOf(check: Check): Record<string, string> {
  const { source, destination, reachability } = partsOf(check);
  const { port } = check.request.destination;
  const outcome = check.status === 'Failed' ? 'notReachable' : reachability && outcomeOf(reachability);
  return {
    status: check.status,
    ...flowColumns({ source, destination, port, protocol: check.request.protocol, rule: ruleOf(check) }),
    ...withoutAbsent({ reachability, outcome, code: check.status === 'Failed' ? check.error.code : undefined }),
  };
}

function partsOf(check: Check) {
  const { source, destination } = check.request;
  return {
    source: source.resourceId,
    destination: destination.resourceId ?? destination.address ?? '',
    reachability: check.status === 'Succeeded' ? check.verdict.reachability : undefined,
  };
}
