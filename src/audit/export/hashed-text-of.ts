import { escapeHidden } from '../../contract/text/escape-hidden.ts';

/**
 * The canonical JSON that a line of an export was made of: what the export escaped is raw in it. Controls below U+0020 and
 * halves of a character are escapes in canonical JSON too, and stay.
 */
export function hashedTextOf(line: string): string {
  return line.replace(/\\(?:u([0-9a-f]{4})|.)/gu, (escape, hex?: string) => {
    const character = hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16));
    return isRawInJson(character) && escapeHidden(character) === escape ? character : escape;
  });
}

const isRawInJson = (character: string): boolean => JSON.stringify(character) === `"${character}"`;
