import type { TableClient } from '@azure/data-tables';
import { readRange, type Row } from '../table/read-range.ts';

/** Rows of one partition whose keys begin alike, and go on with a place that orders them. */
export interface List {
  readonly partition: string;
  readonly prefix: string;
}

/** A row, and what its key says after the list's prefix. */
export interface Placed {
  readonly row: Row;
  readonly place: string;
}

/** Places, both ends left out. */
export interface Places {
  readonly after: string;
  readonly before: string;
}

/** The first `limit` rows, or more, of lists of which no two have the same, by place; all lists are asked at once. */
export async function readLists(
  table: TableClient,
  { lists, where }: { readonly lists: readonly List[]; readonly where?: string | undefined },
  { after, before }: Places,
  limit: number,
): Promise<Placed[]> {
  const found = await Promise.all(
    lists.map(async ({ partition, prefix }) => {
      const keys = { partition, after: prefix + after, before: prefix + before };
      const rows = await readRange(table, { ...keys, where }, limit);
      return rows.map((row) => ({ row, place: row.rowKey.slice(prefix.length) }));
    }),
  );
  return found.flat().sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** Where the page after the first `top` rows begins, if there is one. */
export const nextPlace = (rows: readonly Placed[], top: number): string | undefined =>
  rows.length > top ? rows[top - 1]?.place : undefined;
