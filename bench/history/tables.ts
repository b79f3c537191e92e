import { startFaultProxy } from '../../test/support/faults/fault-proxy.ts';
import { createIoTrace } from '../../test/support/faults/io-trace.ts';
import { startBlobServer } from '../../stand-ins/storage/start-blob-server.ts';
import { type Served, startTableServer } from '../../stand-ins/storage/table-server/start-table-server.ts';
import type { Load } from './fill.ts';

/** Tables whose requests are counted, and blobs that bear thousands of checkpoints. */
export interface Tables {
  readonly name: 'azurite' | 'table server';
  readonly connectionString: string;
  /** Faster than transactions, where there is such a way. */
  readonly load?: Load;
  /** Every request so far. What Azurite looked at and answered is not known, and told as 0. */
  served(): readonly Served[];
  /** Sends a read again, without the app; where the tables do not ask who calls. */
  readonly readAgain?: (path: string) => Promise<unknown>;
  stop(): Promise<void>;
}

export async function servedTables(other: string): Promise<Tables> {
  const [blobs, tables] = await Promise.all([startBlobServer(), startTableServer()]);
  const { served, url, load } = tables;
  return {
    name: 'table server',
    connectionString: blobs.connectionString(tables.connectionString(other)),
    load,
    stop: async () => {
      await Promise.all([blobs.stop(), tables.stop()]);
    },
    served: () => served,
    readAgain: async (path) => (await fetch(url + path)).json(),
  };
}

export async function countedAzurite(connectionString: string): Promise<Tables> {
  const upstream = /TableEndpoint=(http:\/\/[^/;]+)/.exec(connectionString)?.[1] ?? '';
  const trace = createIoTrace();
  const proxy = await startFaultProxy({ service: 'table', upstream, trace, decide: () => undefined });
  return {
    name: 'azurite',
    connectionString: connectionString.replace(upstream, proxy.url),
    served: () => trace.log.map(({ method, path }) => ({ method, path, scanned: 0, bytes: 0 })),
    stop: () => proxy.stop(),
  };
}
