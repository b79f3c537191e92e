import { Readable } from 'node:stream';
import type { z } from 'zod';
import { Problem } from '../contract/problem.ts';

/** A discovery document has about 2 KB, and a key set about 20 KB. */
const MAX_BYTES = 262_144;

/** Where signing keys are read, with the setting that says so. */
export interface KeySource {
  readonly fetch: typeof globalThis.fetch;
  readonly setting: string;
}

/** Reads a JSON document of whoever publishes keys. Throws on a redirect, any status but 200, over 256 KiB, another shape. */
export async function fetchJson<Schema extends z.ZodType>(
  { fetch, setting }: KeySource,
  url: URL,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  const response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw unusable(`${url.href} answered ${response.status}; check ${setting}.`);
  }
  return schema.parse(JSON.parse(await readText(response, { url, setting }, signal)));
}

async function readText(
  { body }: Response,
  { url, setting }: { url: URL; setting: string },
  signal: AbortSignal,
): Promise<string> {
  if (!body) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // fetch forgets its signal once its Request is garbage collected, and a body that stalls would then be awaited for
  // ever; a stream of Node's holds on to it. https://github.com/nodejs/undici/pull/4984
  const stream: AsyncIterable<Uint8Array> = Readable.fromWeb(body, { signal });
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw unusable(`${url.href} answered with over ${MAX_BYTES} bytes; check ${setting}.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function unusable(message: string): Problem {
  return new Problem('SigningKeysUnavailable', message);
}
