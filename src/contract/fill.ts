/**
 * Puts values into a sentence's `{places}` in one pass, so that a value with braces in it stays what it is. The sentence
 * begins with a capital letter whatever it begins with.
 */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  const filled = sentence.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  return sentence.startsWith('{') ? filled.replace(/^[a-z]/, (first) => first.toUpperCase()) : filled;
}
