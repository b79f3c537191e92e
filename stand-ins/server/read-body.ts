import type { IncomingMessage } from 'node:http';

const LIMIT = 64 * 1024;

/** The body as text; `undefined` where it is over 64 KiB. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    size += chunk.length;
    // The rest is read and dropped: a connection closed in the middle of a body would hide the answer.
    if (size <= LIMIT) chunks.push(chunk);
  }
  return size <= LIMIT ? Buffer.concat(chunks).toString('utf8') : undefined;
}
