import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { linesOfNdjson } from '../../audit/export/lines-of-ndjson.ts';
import { readPublicKeys, signatureCheck } from '../../audit/checkpoint/signing-key.ts';
import type { Verification } from '../../audit/verify/verification.ts';
import { verifyExport } from '../../audit/verify/verify-export.ts';

interface Order {
  /** NDJSON, as `netcheck audit export` writes it. */
  readonly export: string;
  /** Folder of the checkpoints, as they are in the container. */
  readonly checkpoints: string;
  /** PEM, one or several keys in a file. */
  readonly publicKey: string;
  /** Days that the export has whole; those that are in it where not given. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Verifies an export with nothing but files. */
export async function verifyOffline(order: Order): Promise<Verification> {
  const files = await checkpointFiles(order.checkpoints);
  const read = async (number: number): Promise<string | undefined> => {
    const file = files.get(number);
    return file === undefined ? undefined : readFile(file, 'utf8');
  };
  const [first, last] = endsOf([...files.keys()]);
  if (!Number.isFinite(first)) throw new Error(`There are no checkpoints in ${order.checkpoints}.`);
  const keys = readPublicKeys(await readFile(order.publicKey, 'utf8'));
  if (keys.length === 0) throw new Error(`There is no public key in ${order.publicKey}: give one in PEM.`);
  return verifyExport(
    { checkpoints: { read }, signatures: signatureCheck(keys), newId: randomUUID },
    { lines: () => linesOf(order.export), ...(await daysOf(order)), first, last },
  );
}

const linesOf = (file: string): AsyncIterable<string> => linesOfNdjson(createReadStream(file));

async function checkpointFiles(folder: string): Promise<Map<number, string>> {
  const names = await readdir(folder, { recursive: true });
  return new Map(
    names.flatMap((name) => {
      const digits = /(\d{9})\.jws$/.exec(name)?.[1];
      return digits === undefined ? [] : [[Number(digits), join(folder, name)]];
    }),
  );
}

/** Lowest and highest; years of checkpoints are too many to be a call's arguments. */
export function endsOf(numbers: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const each of numbers) [low, high] = [Math.min(low, each), Math.max(high, each)];
  return [low, high];
}

/** Newest first, so the last line has the first day; an export that was cut off must be told its days. */
async function daysOf({ export: file, from, to }: Order): Promise<{ from: string; to: string }> {
  let [first, last] = ['9999-99-99', '0000-00-00'];
  for await (const line of linesOf(file)) {
    const day = /"time":"(\d{4}-\d\d-\d\d)T/.exec(line)?.[1] ?? first;
    if (day < first) first = day;
    if (day > last) last = day;
  }
  return { from: from ?? first, to: to ?? last };
}
