import { odata, type TableClient } from '@azure/data-tables';
import type { Condition, Conditions } from '../search/flow-columns.ts';
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

/** Conditions that must all hold, each with one of its values; those without values are left out. */
export function whereAll(conditions: Conditions): string | undefined {
  const all = Object.entries(conditions).flatMap(([column, values]) =>
    values === undefined ? [] : [anyOf(values.map((value) => equals(column, value)))],
  );
  return all.length === 0 ? undefined : all.join(' and ');
}

const equals = (column: string, value: string | Condition): string =>
  typeof value === 'string' ? `${column} ${odata`eq ${value}`}` : equals(value.column, value.value);

const anyOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? conditions.join('') : `(${conditions.join(' or ')})`;
