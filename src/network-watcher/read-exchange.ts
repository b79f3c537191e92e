import { MOST_RESULT_BYTES } from '../arm/most-result-bytes.ts';
import { isTooDeep } from '../contract/text/is-too-deep.ts';
import type { Exchange } from './exchange.ts';

/** Errors are kept in the check's row, and real ones are below 2 KiB. */
const MAX_OTHER_BYTES = 32 * 1024;

/** Reads a response's body up to its limit: a larger result is refused, any other body is cut. */
export async function readExchange(response: Response): Promise<Exchange> {
  const { status, headers } = response;
  const limit = status === 200 ? MOST_RESULT_BYTES : MAX_OTHER_BYTES;
  const bytes = await readUpTo(limit, response.body);
  if (bytes.byteLength > limit && status === 200) return { kind: 'oversized', status, headers };
  // `stream` leaves out a character that the limit cut in two.
  const body = new TextDecoder().decode(bytes.subarray(0, limit), { stream: bytes.byteLength > limit });
  return isTooDeep(body) ? { kind: 'too deep', status, headers } : { kind: 'answer', status, headers, body };
}

async function readUpTo(limit: number, body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream, so that the rest is not received.
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}
