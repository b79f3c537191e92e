import { notAsWritten } from '../../contract/rows/not-as-written.ts';

type Row = Readonly<Record<string, unknown>>;

/** The row's name to people; what stands there is not in it. */
export const nameOfRow = ({ partitionKey, rowKey }: Row): string => `checks/${String(partitionKey)}/${String(rowKey)}`;

/** What a row of the table `checks` says; no trouble with storage is taken for a row that says something else. */
export async function asWritten<T>(row: Row, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch {
    throw notAsWritten(nameOfRow(row));
  }
}
