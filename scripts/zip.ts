import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly data: Uint8Array;
}

const VERSION = 20;
const DEFLATE = 8;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** 1 January 1980, the first day that the format knows: equal contents make equal archives. */
const DAY = 0x0021;

/** A zip archive of files (APPNOTE.TXT 4.3), without Zip64: for less than 4 GiB. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(data, { level: 9 });
    const fields = fieldsOf(path, data, packed);
    const local = Buffer.concat([words(0x04034b50), fields, path, packed]);
    directory.push(directoryEntry(fields, path, offset));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const counts = Buffer.concat([
    shorts(0, 0, entries.length, entries.length),
    words(central.length, offset),
    shorts(0),
  ]);
  return Buffer.concat([...parts, central, words(0x06054b50), counts]);
}

/** What a file's own header and its entry in the directory have in common. */
function fieldsOf(path: Buffer, data: Uint8Array, packed: Buffer): Buffer {
  return Buffer.concat([
    shorts(VERSION, FLAGS, DEFLATE, 0, DAY),
    words(crc32(data), packed.length, data.length),
    shorts(path.length, 0),
  ]);
}

/** Made on Unix; a plain file that everybody may read. */
function directoryEntry(fields: Buffer, path: Buffer, offset: number): Buffer {
  const madeBy = shorts((3 << 8) | VERSION);
  return Buffer.concat([words(0x02014b50), madeBy, fields, shorts(0, 0, 0), words(0o100644 * 0x10000, offset), path]);
}

function shorts(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => buffer.writeUInt16LE(value, index * 2));
  return buffer;
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32LE(value, index * 4));
  return buffer;
}
