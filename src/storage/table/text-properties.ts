/** Azure Table storage holds 64 KiB a property; a string is UTF-16 there, so 32 Ki characters. */
const MAX_CHARACTERS = 32 * 1024;

/** A long text as properties `name`, `name1`, `name2` …, each within the limit. */
export function toTextProperties(name: string, text: string): Record<string, string> {
  const parts = Math.max(1, Math.ceil(text.length / MAX_CHARACTERS));
  return Object.fromEntries(
    Array.from({ length: parts }, (_, i) => [
      propertyName(name, i),
      text.slice(i * MAX_CHARACTERS, (i + 1) * MAX_CHARACTERS),
    ]),
  );
}

export function fromTextProperties(name: string, entity: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (let i = 0; ; i++) {
    const part = entity[propertyName(name, i)];
    if (typeof part !== 'string') return text;
    text += part;
  }
}

const propertyName = (name: string, index: number): string => (index === 0 ? name : `${name}${index}`);
