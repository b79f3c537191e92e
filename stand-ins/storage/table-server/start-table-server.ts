import type { ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { startLoopbackServer } from '../../server/start-loopback-server.ts';
import { answerOf } from './answer.ts';
import { createOrderedTable, type Keys, type OrderedTable } from './ordered-table.ts';

/** A request that was answered. */
export interface Served {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Rows that were looked at for it. */
  readonly scanned: number;
  /** Of the answer's body. */
  readonly bytes: number;
}

export interface TableServer {
  /** A storage connection string with this in place of its tables. */
  connectionString: (other: string) => string;
  readonly url: string;
  /** In the order in which they were answered. */
  readonly served: readonly Served[];
  /** Makes a table where there is none, and adds rows whose keys are new: plain strings, numbers and booleans. */
  load: (table: string, rows: Iterable<Keys & Readonly<Record<string, unknown>>>) => void;
  stop: () => Promise<void>;
}

/** Puts a table server's address in place of another's in a storage connection string. */
export const tablesAt = (url: string) => (other: string) =>
  other.replace(/(TableEndpoint=)http:\/\/[^/;]+/, `$1${url}`);

/** Rows after which an answer goes no further: about what Azure looks at in its five seconds. */
const SCAN_LIMIT = 50_000;

/**
 * As much of the Table service's protocol as the app speaks, with rows in order as in Azure: what a request costs here
 * grows with the rows that it looks at, and not with the table. It is for measuring: it believes every caller.
 */
export async function startTableServer({ scanLimit = SCAN_LIMIT } = {}): Promise<TableServer> {
  const tables = new Map<string, OrderedTable>();
  const served: Served[] = [];
  const server = await startLoopbackServer(async (request, response) => {
    const { method = '', url: path = '' } = request;
    const asked = { method, path, ifMatch: request.headers['if-match'], body: await readText(request) };
    const { status, headers = {}, body = '', scanned = 0 } = answerOf({ tables, scanLimit }, asked);
    served.push({ method, path, scanned, bytes: Buffer.byteLength(body) });
    give(response, status, { 'content-type': 'application/json;odata=minimalmetadata', ...headers }, body);
  });
  return {
    url: server.url,
    served,
    connectionString: tablesAt(server.url),
    load(name, rows) {
      const table = tables.get(name) ?? createOrderedTable();
      tables.set(name, table);
      table.load(rows);
    },
    stop: () => server.stop(),
  };
}

function give(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
