/** Foreign text for a terminal: one line, at most so long, and what would steer it is shown as `\u{1b}`. */
export function printable(text: string, most = 120): string {
  const shown = text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
}

const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

/** JSON in one line, without what a terminal would obey. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, unitsOf);

const unitsOf = (character: string): string =>
  Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');
