import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { MOST_RESULT_BYTES } from '../../arm/most-result-bytes.ts';
import { Problem } from '../../contract/problem.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Azure Table storage: 64 KiB a property, 1 MiB an entity with its names and keys. */
const MAX_PROPERTY_BYTES = 64 * 1024;
const MAX_PROPERTIES = 15;

/** ARM's answer, compressed, as binary properties `body`, `body1` … Hop lists shrink to a tenth, so 15 are some 10 MB. */
export async function toAnswerProperties(text: string): Promise<Record<string, Uint8Array>> {
  const bytes = await compress(Buffer.from(text));
  const parts = Math.ceil(bytes.length / MAX_PROPERTY_BYTES);
  if (parts > MAX_PROPERTIES) {
    throw new Problem(
      'ResultTooLarge',
      `Azure's answer is too large to keep (${bytes.length} bytes, compressed). Test a nearer destination.`,
    );
  }
  return Object.fromEntries(
    Array.from({ length: parts }, (_, i) => [
      propertyName(i),
      bytes.subarray(i * MAX_PROPERTY_BYTES, (i + 1) * MAX_PROPERTY_BYTES),
    ]),
  );
}

export async function fromAnswerProperties(entity: Readonly<Record<string, unknown>>): Promise<string> {
  const parts: Uint8Array[] = [];
  for (let i = 0; ; i++) {
    const part = entity[propertyName(i)];
    if (!(part instanceof Uint8Array)) break;
    parts.push(part);
  }
  return (await decompress(Buffer.concat(parts), { maxOutputLength: MOST_RESULT_BYTES })).toString();
}

const propertyName = (index: number): string => (index === 0 ? 'body' : `body${index}`);
