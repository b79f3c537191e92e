import type { TableClient, TableEntity, TransactionAction } from '@azure/data-tables';
import { toAuditRows } from '../../src/storage/audit/audit-rows.ts';
import { flowRowChanges } from '../../src/storage/flows/flow-rows.ts';
import { listRowChanges } from '../../src/storage/checks/list-rows.ts';
import { toCheckRow } from '../../src/storage/checks/check-row.ts';
import { resourceNames } from '../../src/triggers.ts';
import { inParallel } from '../in-parallel.ts';
import { type RecordedCheck, recordedCheck } from './recorded-check.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';

/** Adds rows to a table that is made where it is missing. */
export type Load = (table: string, rows: readonly TableEntity[]) => Promise<void> | void;

interface Span {
  readonly checks: number;
  readonly days: number;
  /** After the last check. */
  readonly end: Date;
  readonly tenantId: string;
}

const DAY_MILLISECONDS = 86_400_000;
const CHUNK = 5000;
const MAX_TRANSACTION = 100;

/**
 * Writes the rows that so many ended checks and their events have left, evenly over the days, newest first;
 * `visit` sees each.
 */
export async function fill(
  load: Load,
  span: Span,
  visit: (recorded: RecordedCheck) => void = () => undefined,
): Promise<void> {
  const { checks, days, end, tenantId } = span;
  const random = seededRandom(checks);
  for (let begin = 0; begin < checks; begin += CHUNK) {
    const recorded = Array.from({ length: Math.min(CHUNK, checks - begin) }, (_, i) => {
      // The last event comes a minute after the check.
      const age = 60_000 + ((begin + i + 1) / checks) * (days * DAY_MILLISECONDS - 120_000);
      return recordedCheck({ random, tenantId }, new Date(end.getTime() - Math.floor(age)));
    });
    await load(resourceNames.checksTable, recorded.flatMap(checkRows));
    await load(
      resourceNames.auditTable,
      recorded.flatMap(({ entries }) => entries.flatMap(toAuditRows)),
    );
    recorded.forEach(visit);
  }
}

const checkRows = ({ check }: RecordedCheck): TableEntity[] => [
  toCheckRow(check, check.id),
  ...[...listRowChanges(undefined, check), ...flowRowChanges(undefined, check)].map(([, row]) => row as TableEntity),
];

/** By transactions, as into any storage; two at a time, because Azurite looks through its whole table for each row. */
export function loadByTransactions(table: (name: string) => TableClient): Load {
  return async (name, rows) => {
    const client = table(name);
    await client.createTable();
    const partitions = new Map<string, TableEntity[]>();
    for (const row of rows) partitions.set(row.partitionKey, [...(partitions.get(row.partitionKey) ?? []), row]);
    const batches = [...partitions.values()].flatMap((all) =>
      Array.from({ length: Math.ceil(all.length / MAX_TRANSACTION) }, (_, i) =>
        all.slice(i * MAX_TRANSACTION, (i + 1) * MAX_TRANSACTION),
      ),
    );
    // Sent again after a lost answer, a batch is the same.
    await inParallel(batches.length, 2, (i) =>
      client.submitTransaction((batches[i] ?? []).map((row): TransactionAction => ['upsert', row, 'Replace'])),
    );
  };
}
