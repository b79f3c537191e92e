import type { IncomingMessage } from 'node:http';

/**
 * The body's bytes; `undefined` where there are more than `maxBytes`. A body whose length was not announced is dropped,
 * as the Functions host does (its `GrpcMessageConversionExtensions`). Rejects where the client is gone before the end.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > maxBytes) return undefined;
  if (length === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (chunk instanceof Buffer) chunks.push(chunk);
  return Buffer.concat(chunks);
}
