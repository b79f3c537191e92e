import type { TableClient } from '@azure/data-tables';
import type { EndedCheck, FlowIndex } from '../../check/flow/flow-index.ts';
import type { Pair, Question } from '../../check/flow/question.ts';
import { type PassOverDeps, unlessGarbled } from '../../contract/rows/not-as-written.ts';
import { asWritten } from '../guards/as-written.ts';
import { shards } from '../table/check-keys.ts';
import { descendingTimeKey } from '../table/descending-time-key.ts';
import { type KeyRange, readRange, type Row } from '../table/read-range.ts';
import { orUnavailable } from '../table/unavailable.ts';
import { ascendingTimeKey, flowPrefixes, questionRowSchema, readFlowRow } from './flow-rows.ts';

/** Ports of a pair that are looked at in a shard: a page of storage's. */
const MOST_QUESTION_ROWS = 1000;

/** The index of flows in the rows that are written with the checks: one range a shard. A row that is none is passed over. */
export function tableFlowIndex(table: TableClient, deps: PassOverDeps): FlowIndex {
  const rowsOf = async (range: Omit<KeyRange, 'partition'>, limit: number): Promise<Row[]> => {
    const found = await Promise.all(shards.map((partition) => readRange(table, { ...range, partition }, limit)));
    return found.flat().sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  };

  /** What those rows say that are as they were written. */
  async function read<T>(rows: readonly Row[], one: (row: Row) => T): Promise<T[]> {
    const said = await Promise.all(rows.map((row) => unlessGarbled(deps, () => asWritten(row, () => [one(row)]))));
    return said.flatMap((each) => each ?? []);
  }

  /** Past what stands at the time `from`, where there is one. */
  const range = (prefix: string, from: string): Omit<KeyRange, 'partition'> => ({
    after: prefix + from,
    before: `${prefix}~`,
  });

  async function checksIn(keys: Omit<KeyRange, 'partition'>, most: number): Promise<EndedCheck[]> {
    return read((await rowsOf(keys, most)).slice(0, most), readFlowRow);
  }

  async function questions(pair: Pair, most: number): Promise<Question[]> {
    const rows = await rowsOf(range(flowPrefixes.questions(pair), ''), MOST_QUESTION_ROWS);
    const known = await read(rows, (row) => questionRowSchema.parse(row));
    const newest = known.toSorted((a, b) => (a.at > b.at ? -1 : 1));
    // Each shard has a row for it.
    const byKey = new Map(newest.toReversed().map((row) => [row.rowKey, row]));
    const once = newest.filter((row) => byKey.get(row.rowKey) === row);
    return once.slice(0, most).map(({ port, protocol }) => ({ ...pair, port, protocol }));
  }

  return {
    questions: (pair, most) => orUnavailable('StorageUnavailable', () => questions(pair, most)),
    newest: (question, which, most, before) =>
      orUnavailable('StorageUnavailable', () => {
        const prefix = which === 'reachable' ? flowPrefixes.reachable(question) : flowPrefixes.all(question);
        const keys = range(prefix, before ? pastTime(descendingTimeKey(before)) : '');
        return checksIn(which === 'withReachability' ? { ...keys, where: "reachability gt ''" } : keys, most);
      }),
    failures: (question, most, after) =>
      orUnavailable('StorageUnavailable', () =>
        checksIn(range(flowPrefixes.failures(question), after ? pastTime(ascendingTimeKey(after)) : ''), most),
      ),
  };
}

/** The sign after `!` comes past all checks of that millisecond. */
const pastTime = (key: string): string => `${key}"`;
