const whole = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const id = /^[0-9a-f]{8}(?:-[0-9a-f]{0,4}){0,3}(?:-[0-9a-f]{0,12})?$/i;
const link = new RegExp(`^https?://\\S*?/(?:checks|sets)/(${whole})(?:[/?#].*)?$`, 'i');

/** The id in a word: whole or shortened to its first 8 or more characters, alone or in a link to the check. */
export function idIn(word: string): string | undefined {
  const found = link.exec(word)?.[1] ?? word;
  return id.test(found) && found.length <= 36 ? found.toLowerCase() : undefined;
}
