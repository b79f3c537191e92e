import { deflateSync } from 'node:zlib';

/** How much of a point is covered, from 0 to 1; places are in units of the whole, from 0 to 1. */
type Shape = (x: number, y: number) => number;
type Color = readonly [red: number, green: number, blue: number];

/** Edges are as soft as a point is wide. */
const covered = (distance: number, size: number): number => Math.min(1, Math.max(0, 0.5 - distance * size));

function toLine(x: number, y: number, [fromX, fromY, toX, toY]: readonly [number, number, number, number]): number {
  const [width, height] = [toX - fromX, toY - fromY];
  const along = ((x - fromX) * width + (y - fromY) * height) / (width ** 2 + height ** 2);
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(x - fromX - at * width, y - fromY - at * height);
}

function toRoundedSquare(x: number, y: number, radius: number): number {
  const [outX, outY] = [Math.abs(x - 0.5) - 0.5 + radius, Math.abs(y - 0.5) - 0.5 + radius];
  return Math.hypot(Math.max(0, outX), Math.max(0, outY)) + Math.min(0, Math.max(outX, outY)) - radius;
}

/** A point, and an arrow from it: the sign of the page. */
const arrow =
  (size: number): Shape =>
  (x, y) => {
    const lines = [
      [0.25, 0.5, 0.75, 0.5],
      [0.594, 0.344, 0.75, 0.5],
      [0.594, 0.656, 0.75, 0.5],
    ] as const;
    const stroke = Math.min(...lines.map((line) => toLine(x, y, line))) - 0.047;
    return covered(Math.min(stroke, Math.hypot(x - 0.25, y - 0.5) - 0.125), size);
  };

const square =
  (size: number): Shape =>
  (x, y) =>
    covered(toRoundedSquare(x, y, 0.22), size);

const blue: Color = [11, 92, 173];
const white: Color = [255, 255, 255];

/** 192 × 192, in colour, as Teams shows an app. */
export const colorIcon = (): Buffer =>
  png(192, [
    [square(192), blue],
    [arrow(192), white],
  ]);

/** 32 × 32, white on nothing, as Teams shows an app that is open. */
export const outlineIcon = (): Buffer => png(32, [[arrow(32), white]]);

/** https://www.w3.org/TR/png-3/ */
function png(size: number, layers: readonly (readonly [Shape, Color])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // Eight bits each of red, green, blue and opacity.
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, row) => [
    0,
    ...Array.from({ length: size }, (__, column) => pointOf(layers, (column + 0.5) / size, (row + 0.5) / size)).flat(),
  ]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.from(rows.flat()), { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

/** Each layer over those before it. */
function pointOf(layers: readonly (readonly [Shape, Color])[], x: number, y: number): readonly number[] {
  let [color, opacity]: [readonly number[], number] = [[0, 0, 0], 0];
  for (const [shape, over] of layers) {
    const amount = shape(x, y);
    const together = amount + opacity * (1 - amount);
    const below = color;
    if (together > 0)
      color = over.map((part, at) => (part * amount + (below[at] ?? 0) * opacity * (1 - amount)) / together);
    opacity = together;
  }
  return [...color, opacity * 255].map(Math.round);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
