import { Readable } from 'node:stream';

/** The begin of a body, of that many bytes and a chunk more at most. */
export async function textUpTo(limit: number, { body }: Response, signal: AbortSignal): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  // fetch forgets its signal once its Request is garbage collected, and a body that stalls would then be awaited for
  // ever; a stream of Node's holds on to it. https://github.com/nodejs/undici/pull/4984
  const stream: AsyncIterable<Uint8Array> = Readable.fromWeb(body, { signal });
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > limit) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
