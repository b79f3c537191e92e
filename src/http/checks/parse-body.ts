import type { z } from 'zod';
import { fieldErrorsOf } from '../../contract/field-errors.ts';
import { Problem } from '../../contract/problem.ts';
import { plainSpelling } from '../../contract/request/plain-spelling.ts';

/** A body as its schema reads it, in whatever spelling has one meaning. Throws `InvalidRequest`, which names every fault. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const plain = plainSpelling(schema, body);
  const parsed = schema.safeParse(plain.value);
  if (parsed.success && plain.errors.length === 0) return parsed.data;
  const details = [...plain.errors, ...(parsed.error ? fieldErrorsOf(parsed.error, schema) : [])];
  throw new Problem('InvalidRequest', 'The body is not usable; details names each fault.', { details });
}
