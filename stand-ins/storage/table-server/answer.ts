import { z } from 'zod';
import { type Change, plan } from './change.ts';
import { createOrderedTable, type Keys, type OrderedTable, type Row } from './ordered-table.ts';
import { query } from './query.ts';
import { errorBody, TableError } from './table-error.ts';
import { type Asked, partsOf, transact } from './transaction.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Rows that were looked at. */
  readonly scanned?: number;
}

interface Deps {
  readonly tables: Map<string, OrderedTable>;
  readonly scanLimit: number;
}

const bodySchema = z.record(z.string(), z.unknown());
const tableSchema = z.object({ TableName: z.string() });

/** The Table service's answer to a request; every request is believed to be allowed. */
export function answerOf(deps: Deps, asked: Asked): Answer {
  try {
    return route(deps, asked);
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    const { status, code, message } = error;
    return { status, headers: { 'x-ms-error-code': code }, body: errorBody(code, message) };
  }
}

function route({ tables, scanLimit }: Deps, asked: Asked): Answer {
  const { pathname, searchParams } = new URL(asked.path, 'http://x');
  const tableOf = (name: string): OrderedTable => {
    const table = tables.get(name);
    if (!table) throw new TableError('TableNotFound');
    return table;
  };
  if (pathname.endsWith('/Tables')) return createTable(tables, asked.body);
  if (pathname.endsWith('/$batch')) return transaction(tableOf, asked.body);
  const { name, keys } = destinationKey(pathname);
  if (asked.method === 'GET') return keys ? getRow(tableOf(name), keys) : list(tableOf(name), searchParams, scanLimit);
  const etag = plan(tableOf(name), changeOf(asked))();
  return { status: 204, headers: etag === undefined ? {} : { etag } };
}

function createTable(tables: Map<string, OrderedTable>, body: string): Answer {
  const { TableName: name } = tableSchema.parse(JSON.parse(body));
  if (tables.has(name)) throw new TableError('TableAlreadyExists');
  tables.set(name, createOrderedTable());
  return { status: 201, body: JSON.stringify({ TableName: name }) };
}

function transaction(tableOf: (name: string) => OrderedTable, body: string): Answer {
  const parts = partsOf(body);
  const { name } = destinationKey(new URL(parts[0]?.path ?? '', 'http://x').pathname);
  return {
    status: 202,
    headers: { 'content-type': 'multipart/mixed; boundary=batchresponse_1' },
    body: transact(() => tableOf(name), parts.map(changeOf)),
  };
}

function getRow(table: OrderedTable, keys: Keys): Answer {
  const row = table.get(keys);
  if (!row) throw new TableError('ResourceNotFound');
  return { status: 200, headers: { etag: row.etag }, body: JSON.stringify(wireOf(row)), scanned: 1 };
}

function list(table: OrderedTable, parameters: URLSearchParams, scanLimit: number): Answer {
  const [partitionKey, rowKey] = [parameters.get('NextPartitionKey'), parameters.get('NextRowKey')];
  const page = query(
    table,
    {
      filter: parameters.get('$filter') ?? undefined,
      top: Number(parameters.get('$top') ?? undefined) || undefined,
      from: partitionKey === null ? undefined : { partitionKey: decode(partitionKey), rowKey: decode(rowKey ?? '') },
    },
    scanLimit,
  );
  const select = parameters.get('$select')?.split(',');
  return {
    status: 200,
    headers: page.next
      ? {
          'x-ms-continuation-NextPartitionKey': encode(page.next.partitionKey),
          'x-ms-continuation-NextRowKey': encode(page.next.rowKey),
        }
      : {},
    body: JSON.stringify({ value: page.rows.map((row) => selected(wireOf(row), select)) }),
    scanned: page.scanned,
  };
}

const encode = (key: string): string => Buffer.from(key).toString('base64');
const decode = (key: string): string => Buffer.from(key, 'base64').toString();

const wireOf = ({ partitionKey, rowKey, entity, etag, timestamp }: Row): Record<string, unknown> => ({
  'odata.etag': etag,
  PartitionKey: partitionKey,
  RowKey: rowKey,
  ...entity,
  Timestamp: timestamp,
});

function selected(wire: Record<string, unknown>, names: readonly string[] | undefined): Record<string, unknown> {
  if (!names) return wire;
  const isWanted = (name: string): boolean => name === 'odata.etag' || names.includes(name.replace('@odata.type', ''));
  return Object.fromEntries(Object.entries(wire).filter(([name]) => isWanted(name)));
}

/** Of `/account/table`, `/account/table()` or `/account/table(PartitionKey='…',RowKey='…')`. */
function destinationKey(pathname: string): { readonly name: string; readonly keys?: Keys } {
  const decoded = decodeURIComponent(pathname);
  const found = /\/(\w+)(?:\(\)|\(PartitionKey='((?:[^']|'')*)',RowKey='((?:[^']|'')*)'\))?$/s.exec(decoded);
  const [, name, partitionKey, rowKey] = found ?? [];
  if (name === undefined) throw new TableError('InvalidInput', `No table is named: ${decoded}`);
  if (partitionKey === undefined || rowKey === undefined) return { name };
  return { name, keys: { partitionKey: partitionKey.replaceAll("''", "'"), rowKey: rowKey.replaceAll("''", "'") } };
}

function changeOf({ method, path, ifMatch, body }: Asked): Change {
  const given = body === '' ? {} : bodySchema.parse(JSON.parse(body));
  const { PartitionKey: partitionKey, RowKey: rowKey, ...entity } = given;
  const keys = destinationKey(new URL(path, 'http://x').pathname).keys;
  return {
    ...{ method, ifMatch, entity },
    keys: keys ?? { partitionKey: String(partitionKey), rowKey: String(rowKey) },
  };
}
