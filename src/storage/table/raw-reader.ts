import type { TableClient } from '@azure/data-tables';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { orUnavailable } from './unavailable.ts';

/** A row as it is on the wire: `PartitionKey`, `RowKey`, the columns, and what storage adds. */
export type RawRow = Readonly<Record<string, unknown>>;

interface Page {
  readonly rows: readonly RawRow[];
  /** Parameters with which the next page is asked for. */
  readonly next?: Readonly<Record<string, string>>;
}

export interface RawReader {
  /** Rows in the order of their keys, a page at a time. The next page is on its way while one is worked on. */
  readonly pages: (filter: string, pageSize?: number) => AsyncIterable<readonly RawRow[]>;
  /** `undefined` where it is not there. */
  readonly row: (partition: string, key: string) => Promise<RawRow | undefined>;
}

/** Table storage gives at most so many rows an answer. */
const MAX_PAGE = 1000;

/**
 * Reads without the client library's model of a row: taking apart every column costs it more than all else that is done
 * with many rows. The requests go through the client's own pipeline, with its sign-in, retries and time-out. A table that
 * does not exist yet has no rows. Every method throws the Problem `StorageUnavailable`.
 * docs/decisions.md#rows-by-the-hundred-thousand-and-checkpoints-by-the-thousand-are-read-past-the-client-librarys-model
 */
export function rawReader(table: TableClient): RawReader {
  const httpClient = createDefaultHttpClient();

  async function get(path: string): Promise<PipelineResponse> {
    return orUnavailable('StorageUnavailable', () => send(path));
  }

  async function send(path: string): Promise<PipelineResponse> {
    const pipeline = table.pipeline.clone();
    pipeline.removePolicy({ name: 'deserializationPolicy' });
    const url = `${table.url}/${table.tableName}${path}`;
    const headers = createHttpHeaders({
      accept: 'application/json;odata=minimalmetadata',
      dataserviceversion: '3.0',
      'x-ms-version': '2019-02-02',
    });
    const request = createPipelineRequest({ url, headers, allowInsecureConnection: url.startsWith('http:') });
    const response = await pipeline.sendRequest(httpClient, request);
    if (response.status === 200 || response.status === 404) return response;
    throw new RestError(`Storage answered ${response.status} to a read.`, { statusCode: response.status, request });
  }

  async function page(filter: string, more: Readonly<Record<string, string>>): Promise<Page> {
    const query = new URLSearchParams({ $filter: filter, ...more });
    const { status, headers, bodyAsText } = await get(`()?${query.toString()}`);
    if (status === 404) return { rows: [] };
    const { value: rows } = pageSchema.parse(JSON.parse(bodyAsText ?? ''));
    const [partition, row] = ['partition', 'row'].map((name) => headers.get(`x-ms-continuation-next${name}key`));
    if (partition === undefined) return { rows };
    return { rows, next: { NextPartitionKey: partition, ...(row !== undefined && { NextRowKey: row }) } };
  }

  return {
    async *pages(filter, pageSize = MAX_PAGE) {
      const top = { $top: String(pageSize) };
      for (let next: Promise<Page> | undefined = page(filter, top); next !== undefined;) {
        const { rows, next: more }: Page = await next;
        next = more && page(filter, { ...top, ...more });
        // Whoever stops reading waits for no page; whoever goes on meets its error above.
        next?.catch(() => undefined);
        yield rows;
      }
    },
    async row(partition, key) {
      const { status, bodyAsText } = await get(`(PartitionKey=${quoted(partition)},RowKey=${quoted(key)})`);
      return status === 404 ? undefined : rowSchema.parse(JSON.parse(bodyAsText ?? ''));
    },
  };
}

// Rows by the hundred thousand: what is in them is for whoever reads them.
const isRow = (value: unknown): value is RawRow => typeof value === 'object' && value !== null;
const rowSchema = z.custom<RawRow>(isRow);
const pageSchema = z.object({
  value: z.custom<readonly RawRow[]>((value) => Array.isArray(value) && value.every(isRow)),
});

const quoted = (text: string): string => `'${encodeURIComponent(text.replaceAll("'", "''"))}'`;
