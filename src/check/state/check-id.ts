import { createHmac } from 'node:crypto';
import type { Requester } from '../../contract/requester.ts';
import { sha256 } from '../../contract/sha256.ts';
import { uuidOfHash } from '../../contract/uuid-of-hash.ts';

/** The last digit of every id of this requester's: their checks share a partition, and so does the requester's history. */
export const lastDigitOf = (requesterId: string): string => sha256(requesterId).slice(0, 1);

/** A random UUID as the id of a check of this requester's. */
export const randomIdFor = (requesterId: string, uuid: string): string => uuid.slice(0, -1) + lastDigitOf(requesterId);

/** An idempotency key and what it belongs to: who gives it, at which door, in which call. */
export interface GivenKey {
  readonly requester: Pick<Requester, 'id' | 'via'>;
  readonly call: 'submit' | 'repeat' | 'rerun' | 'set' | 'set rerun' | 'member';
  readonly key: string;
}

/**
 * The id that an idempotency key stands for: made from all that the key belongs to, so that a race meets one row, and
 * with the app's own secret, so that nobody else computes it.
 */
export function idOfKey(secret: string, { requester, call, key }: GivenKey): string {
  const text = JSON.stringify([requester.id, requester.via, call, key]);
  return randomIdFor(requester.id, uuidOfHash(createHmac('sha256', secret).update(text).digest('hex')));
}
