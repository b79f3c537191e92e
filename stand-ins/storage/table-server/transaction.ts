import { STATUS_CODES } from 'node:http';
import { type Change, plan } from './change.ts';
import type { OrderedTable } from './ordered-table.ts';
import { errorBody, TableError } from './table-error.ts';

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly ifMatch: string | undefined;
  readonly body: string;
}

/**
 * The requests within the body of an entity group transaction.
 * https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
 */
export function partsOf(body: string): Asked[] {
  const parts = body.split(/--changeset_[^\r]*\r\n/).slice(1, -1);
  return parts.map((text) => {
    const [, method = '', path = '', head = '', content = ''] =
      /\r\n([A-Z]+) (\S+) HTTP\/1\.1\r\n(.*?)\r\n\r\n(.*)$/s.exec(text) ?? [];
    const ifMatch = /^if-match: *(.*?)\r?$/im.exec(head)?.[1];
    return { method, path, ifMatch, body: content.trim() };
  });
}

/** All changes, or none. Answers the body of the response. */
export function transact(table: () => OrderedTable, changes: readonly Change[]): string {
  const commits: (() => string | undefined)[] = [];
  const seen = new Set<string>();
  for (const [index, change] of changes.entries()) {
    try {
      const key = JSON.stringify(change.keys);
      if (change.keys.partitionKey !== changes[0]?.keys.partitionKey || changes.length > 100)
        throw new TableError('InvalidInput', 'At most 100 changes, in one partition.');
      if (seen.size === seen.add(key).size) throw new TableError('InvalidDuplicateRow');
      commits.push(plan(table(), change));
    } catch (error) {
      if (error instanceof TableError) return multipart([failure(index, error)]);
      throw error;
    }
  }
  return multipart(commits.map((commit) => success(commit())));
}

const success = (etag: string | undefined): string =>
  `HTTP/1.1 204 No Content\r\nDataServiceVersion: 3.0;\r\n${etag === undefined ? '' : `ETag: ${etag}\r\n`}\r\n`;

const failure = (index: number, { code, status, message }: TableError): string =>
  `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Type: application/json\r\n\r\n${errorBody(code, `${index}:${message}`)}\r\n`;

function multipart(parts: readonly string[]): string {
  const answers = parts.map(
    (part) =>
      `--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${part}`,
  );
  return [
    '--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n',
    ...answers.map((answer) => `${answer}\r\n`),
    '--changesetresponse_1--\r\n--batchresponse_1--\r\n',
  ].join('');
}
