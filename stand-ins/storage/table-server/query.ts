import { matches, parseFilter } from './filter.ts';
import type { Keys, OrderedTable, Row } from './ordered-table.ts';

/** Rows that an answer has at most. */
const MAX_PAGE = 1000;

export interface QueryPage {
  readonly rows: readonly Row[];
  /** Where to go on; a page may be short, even empty, and have one. */
  readonly next?: Keys;
  /** Rows that were looked at. */
  readonly scanned: number;
}

interface Query {
  readonly filter: string | undefined;
  readonly top: number | undefined;
  readonly from: Keys | undefined;
}

/**
 * One answer to a query. It ends after `scanLimit` rows that were looked at, as Azure's ends after five seconds, and
 * with its partition, as Azure's may: the worst that a client has to expect.
 */
export function query(table: OrderedTable, { filter, top, from }: Query, scanLimit: number): QueryPage {
  const wanted = filter === undefined ? undefined : parseFilter(filter);
  const most = Math.min(top ?? MAX_PAGE, MAX_PAGE);
  const rows: Row[] = [];
  let scanned = 0;
  let partition: string | undefined;
  for (const row of table.scan(wanted, from)) {
    partition ??= row.partitionKey;
    if (rows.length === most || scanned === scanLimit || row.partitionKey !== partition)
      return { rows, next: { partitionKey: row.partitionKey, rowKey: row.rowKey }, scanned };
    scanned++;
    if (!wanted || matches(wanted, entityOf(row))) rows.push(row);
  }
  return { rows, scanned };
}

const entityOf = ({ partitionKey, rowKey, entity }: Row) => ({
  ...entity,
  PartitionKey: partitionKey,
  RowKey: rowKey,
});
