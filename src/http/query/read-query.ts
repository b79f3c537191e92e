import type { z } from 'zod';
import { fieldErrorsOf } from '../../contract/field-errors.ts';
import { Problem } from '../../contract/problem.ts';

/**
 * The query of a URL as an operation reads it. The host's own reading joins a repeated parameter's values by commas, so it
 * is not asked. Throws `InvalidRequest`, with every fault.
 */
export function readQuery<Query>(schema: z.ZodType<Query>, url: string): Query {
  const { searchParams } = new URL(url);
  const given = [...new Set(searchParams.keys())].map((name) => [name, oneOrAll(searchParams.getAll(name))] as const);
  // Not through a plain object's setters: a parameter may be called __proto__.
  const parsed = schema.safeParse(Object.fromEntries(given), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new Problem('InvalidRequest', 'The query is not usable; details names each fault.', {
    details: fieldErrorsOf(parsed.error, schema, 'query'),
  });
}

const oneOrAll = (values: readonly string[]): string | readonly string[] | undefined =>
  values.length > 1 ? values : values[0];
