import { sha256 } from '../../contract/sha256.ts';
import { uuidOfHash } from '../../contract/uuid-of-hash.ts';

/** The last digit of every id of this requester's: their checks share a partition, and so does the requester's history. */
export const lastDigitOf = (requesterId: string): string => sha256(requesterId).slice(0, 1);

/** A random UUID as the id of a check of this requester's. */
export const randomIdFor = (requesterId: string, uuid: string): string => uuid.slice(0, -1) + lastDigitOf(requesterId);

/** The id that a requester's idempotency key stands for: made from both, so that a race meets one row. */
export function idOfKey(requesterId: string, key: string): string {
  return randomIdFor(requesterId, uuidOfHash(sha256(JSON.stringify([requesterId, key]))));
}
