import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startLoopbackServer } from '../server/start-loopback-server.ts';

export interface BlobServer {
  /** A storage connection string with this in place of its blobs. */
  readonly connectionString: (other: string) => string;
  /** Requests so far. */
  readonly asked: () => number;
  readonly stop: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/**
 * As much of the Blob service's protocol as checkpoints and their tests need: blobs that are created, read, replaced,
 * deleted and listed. It is for measuring, and for tests, and believes every caller. A verification that reads a month's checkpoints takes 6 s on it, and a minute on Azurite.
 */
export async function startBlobServer(): Promise<BlobServer> {
  const blobs = new Map<string, Buffer>();
  let asked = 0;
  const server = await startLoopbackServer(async (request, response) => {
    asked++;
    const { status, code, headers = {}, body } = answerOf(blobs, request, await buffer(request));
    response.writeHead(status, { ...headers, ...(code !== undefined && { 'x-ms-error-code': code }) });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  return {
    connectionString: (other) => other.replace(/(BlobEndpoint=)http:\/\/[^/;]+/, `$1${server.url}`),
    asked: () => asked,
    stop: () => server.stop(),
  };
}

function answerOf(blobs: Map<string, Buffer>, { method, url = '', headers }: IncomingMessage, sent: Buffer): Answer {
  const { pathname, searchParams } = new URL(url, 'http://x');
  if (method === 'PUT' && searchParams.get('restype') === 'container') return { status: 201 };
  const blob = blobs.get(pathname);
  if (method === 'PUT') {
    if (blob && headers['if-none-match'] === '*') return { status: 409, code: 'BlobAlreadyExists' };
    blobs.set(pathname, sent);
    return { status: 201, headers: { etag: '"1"' } };
  }
  if (searchParams.get('comp') === 'list') return { status: 200, headers: xml, body: listOf(pathname, blobs.keys()) };
  if (!blob) return { status: 404, code: 'BlobNotFound' };
  if (method === 'DELETE') {
    blobs.delete(pathname);
    return { status: 202 };
  }
  return contentOf(blob, String(headers['x-ms-range']));
}

function contentOf(blob: Buffer, range: string): Answer {
  const [, first = '0', last = ''] = /bytes=(\d+)-(\d*)/.exec(range) ?? [];
  const body = blob.subarray(Number(first), last === '' ? undefined : Number(last) + 1);
  const about = { etag: '"1"', 'last-modified': new Date(0).toUTCString(), 'x-ms-blob-type': 'BlockBlob' };
  return { status: 200, headers: { ...about, 'content-length': String(body.length) }, body };
}

const xml = { 'content-type': 'application/xml' };

/** All at once, in the order of their names. */
function listOf(container: string, paths: Iterable<string>): Buffer {
  const names = [...paths]
    .filter((path) => path.startsWith(`${container}/`))
    .map((path) => path.slice(container.length + 1));
  const blobs = names.sort().map((name) => `<Blob><Name>${decodeURIComponent(name)}</Name></Blob>`);
  return Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><EnumerationResults><Blobs>${blobs.join('')}</Blobs><NextMarker/></EnumerationResults>`,
  );
}
