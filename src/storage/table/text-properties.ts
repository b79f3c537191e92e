import { cutText } from '../../contract/text/cut-text.ts';

/** Azure Table storage holds 64 KiB a property; a string is UTF-16 there, so 32 Ki characters. */
const MAX_CHARACTERS = 32 * 1024;

/** A long text as properties `name`, `name1`, `name2` …, each within the limit and never with half of a character. */
export function toTextProperties(name: string, text: string): Record<string, string> {
  return Object.fromEntries(partsOf(text).map((part, index) => [propertyName(name, index), part]));
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  do {
    const part = cutText(rest, MAX_CHARACTERS);
    parts.push(part);
    rest = rest.slice(part.length);
  } while (rest !== '');
  return parts;
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
