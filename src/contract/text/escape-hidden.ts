// Control characters of both ranges (a terminal executes U+009B as it does ESC [), what ends a line for some readers, what
// reverses the text after it, and halves of a character, which UTF-8 has no bytes for. https://trojansource.codes
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\p{Cs}]/gu;

/** The text with what nobody sees, and a terminal may obey, written as `\u202e`; the characters of `kept` stay. */
export function escapeHidden(text: string, kept = ''): string {
  return text.replace(hidden, (character) => (kept.includes(character) ? character : escaped(character)));
}

/** One UTF-16 unit as `\u202e`. */
export const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
