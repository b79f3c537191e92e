/** A place in a list as links carry it: base64url of plain letters. */
export const writeCursor = (place: string): string => Buffer.from(place).toString('base64url');

/** The place that a link carries; `undefined` where it is none of that pattern, or spelled in another way. */
export function readCursor(text: string, pattern: RegExp): string | undefined {
  const place = Buffer.from(text, 'base64url').toString('latin1');
  return pattern.test(place) && writeCursor(place) === text ? place : undefined;
}
