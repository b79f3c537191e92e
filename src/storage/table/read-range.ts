import { odata, type TableClient } from '@azure/data-tables';
import { statusOf } from './unavailable.ts';

/** Keys of one partition, both ends left out. */
export interface KeyRange {
  readonly partition: string;
  readonly after: string;
  readonly before: string;
  /** Condition on columns, such as `status eq 'Failed'`. */
  readonly where?: string | undefined;
}

export type Row = Readonly<Record<string, unknown>> & { readonly rowKey: string };

/** Table storage gives at most this many rows an answer. */
const MAX_PAGE = 1000;

/** The first `limit` rows of a range, in the order of their keys. A table that does not exist yet has none. */
export async function readRange(table: TableClient, range: KeyRange, limit: number): Promise<Row[]> {
  const { partition, after, before, where } = range;
  const keys = odata`PartitionKey eq ${partition} and RowKey gt ${after} and RowKey lt ${before}`;
  const filter = where === undefined ? keys : `${keys} and ${where}`;
  const rows: Row[] = [];
  try {
    // Storage may answer with an empty page and go on.
    for await (const page of table
      .listEntities({ queryOptions: { filter } })
      .byPage({ maxPageSize: Math.min(limit, MAX_PAGE) })) {
      for (const entity of page) rows.push({ ...entity, rowKey: entity.rowKey ?? '' });
      if (rows.length >= limit) break;
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return rows.slice(0, limit);
}

/** Where the page after the first `top` rows begins, if there is one: the rest of the last one's key, as all are of one prefix. */
export const nextPosition = (rows: readonly Row[], top: number, prefix: string): string | undefined =>
  rows.length > top ? rows[top - 1]?.rowKey.slice(prefix.length) : undefined;

/** Conditions that must all hold; those without a value are left out. */
export function whereAll(values: Readonly<Record<string, string | undefined>>): string | undefined {
  const conditions = Object.entries(values).flatMap(([column, value]) =>
    value === undefined ? [] : [`${column} ${odata`eq ${value}`}`],
  );
  return conditions.length === 0 ? undefined : conditions.join(' and ');
}
