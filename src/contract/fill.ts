/** Puts values into a sentence's `{places}` in one pass, so that a value with braces in it stays what it is. */
export function fill(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
