import type { HttpRequest } from '@azure/functions';
import { Problem } from '../../contract/problem.ts';

/** Either name of the header; both at once must agree. */
export function idempotencyKeyOf({ headers }: HttpRequest): string | undefined {
  const given = ['idempotency-key', 'repeatability-request-id'].flatMap((name) => headers.get(name) ?? []);
  const [key] = given;
  if (key === undefined) return undefined;
  if (!given.every((one) => one === key) || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new Problem(
      'InvalidRequest',
      'Give one idempotency key of 1–255 printable ASCII characters, such as a UUID.',
      { target: 'Idempotency-Key' },
    );
  }
  return key;
}
