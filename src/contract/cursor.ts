/** A cursor, where a page of a list ended, as links carry it: base64url of plain letters. */
export const writeCursor = (cursor: string): string => Buffer.from(cursor).toString('base64url');

/** The cursor that a link carries; `undefined` where it is none of that pattern, or spelled in another way. */
export function readCursor(text: string, pattern: RegExp): string | undefined {
  const cursor = Buffer.from(text, 'base64url').toString('latin1');
  return pattern.test(cursor) && writeCursor(cursor) === text ? cursor : undefined;
}
