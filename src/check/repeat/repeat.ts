import type { Requester } from '../../contract/requester.ts';
import type { Check } from '../state/check.ts';
import { idOfKey } from '../state/check-id.ts';

/** How long an equal request is taken for the same one, sent again. */
const SAME_MILLISECONDS = 120_000;

/**
 * Ids under which a request that is sent again may be kept, the one of this time first. Ids made of what is equal change
 * every two minutes, so that a race meets one row and nothing has to be forgotten; those before and after are looked at
 * too, the latter because the clocks of instances differ.
 * docs/decisions.md#a-request-that-arms-clients-send-again-is-one-check-for-two-minutes
 */
export function idsOfRepeat(
  secret: string,
  requester: Pick<Requester, 'id' | 'via'>,
  repeat: string,
  now: Date,
): readonly [string, ...string[]] {
  const time = Math.floor(now.getTime() / SAME_MILLISECONDS);
  const idAt = (at: number): string =>
    idOfKey(secret, { requester, call: 'repeat', key: JSON.stringify([at, repeat]) });
  return [idAt(time), idAt(time - 1), idAt(time + 1)];
}

/** Whether so little time lies between them that one repeats the other. */
export const isRepeated = (one: Pick<Check, 'createdAt'>, other: Pick<Check, 'createdAt'>): boolean =>
  Math.abs(Date.parse(one.createdAt) - Date.parse(other.createdAt)) < SAME_MILLISECONDS;
