import { z } from 'zod';
import type { FieldError } from '../problem.ts';
import { formOf, isObject } from './schema-form.ts';

export interface PlainSpelling {
  readonly value: unknown;
  /** Members that were given twice. */
  readonly errors: readonly FieldError[];
}

/**
 * A body with all that can only be meant in one way in the spelling that its schema has: names of members and words in
 * any letter case, digits as text where a number stands, one entry where a list stands, null for what is not given. What
 * can be meant in no way, or in several, stays as it is. docs/api.md#spellings-that-are-accepted
 */
export function plainSpelling(schema: z.core.$ZodType, given: unknown, path = ''): PlainSpelling {
  const form = formOf(schema);
  if (form instanceof z.ZodObject)
    return isObject(given) ? plainMembers(form.shape, given, path) : { value: given, errors: [] };
  if (form instanceof z.ZodArray) return plainEntries(form.element, given, path);
  if (form instanceof z.ZodNumber) return { value: numberOf(given), errors: [] };
  if (form instanceof z.ZodEnum || form instanceof z.ZodLiteral) return { value: wordOf(form, given), errors: [] };
  return { value: given, errors: [] };
}

function plainMembers(shape: z.core.$ZodShape, given: Readonly<Record<string, unknown>>, path: string): PlainSpelling {
  const names = Object.keys(shape);
  const errors: FieldError[] = [];
  const members = Object.entries(given).flatMap(([written, member]): [string, unknown][] => {
    if (member === null) return [];
    const name = names.find((each) => each === written) ?? names.find((each) => sameWord(each, written));
    const schema = name === undefined ? undefined : shape[name];
    if (name === undefined || !schema) return [[written, member]];
    const twin = Object.keys(given).find((each) => each !== written && sameWord(each, written) && given[each] !== null);
    if (twin !== undefined) {
      if (written !== name) errors.push(twice([path, written], name));
      if (written !== name && Object.hasOwn(given, name)) return [];
    }
    const plain = plainSpelling(schema, member, at(path, name));
    errors.push(...plain.errors);
    return [[name, plain.value]];
  });
  return { value: Object.fromEntries(members), errors };
}

const twice = (path: readonly string[], name: string): FieldError => ({
  code: 'InvalidValue',
  message: `This member is ${name} in another letter case: give it once.`,
  target: path.filter(Boolean).join('.'),
});

/** PowerShell makes one entry of a list of one. */
function plainEntries(schema: z.core.$ZodType, given: unknown, path: string): PlainSpelling {
  const form = formOf(schema);
  const single = form instanceof z.ZodObject ? isEntry(form, given) : typeof numberOf(given) === 'number';
  if (!Array.isArray(given) && !single) return { value: given, errors: [] };
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const entries = list.map((entry, index) => plainSpelling(schema, entry, at(path, String(index))));
  return { value: entries.map(({ value }) => value), errors: entries.flatMap(({ errors }) => errors) };
}

/** Whether a value is meant as such an object: a map of others, `{"Accept": "text/html"}`, shares no member with it. */
const isEntry = (form: z.ZodObject, given: unknown): boolean =>
  isObject(given) && Object.keys(given).some((name) => Object.keys(form.shape).some((each) => sameWord(each, name)));

const numberOf = (given: unknown): unknown =>
  typeof given === 'string' && /^(?:0|[1-9]\d{0,9})$/.test(given) ? Number(given) : given;

function wordOf(form: z.ZodEnum | z.ZodLiteral, given: unknown): unknown {
  const words: readonly unknown[] = form instanceof z.ZodEnum ? form.options : [...form.values];
  return words.find((word) => sameWord(word, given)) ?? given;
}

const sameWord = (one: unknown, other: unknown): boolean =>
  typeof one === 'string' && typeof other === 'string' && one.toLowerCase() === other.toLowerCase();

const at = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
