import { createHash } from 'node:crypto';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The last digit of every id of this requester's: their checks share a partition, and so does the requester's history. */
export const lastDigitOf = (requesterId: string): string => sha256(requesterId).slice(0, 1);

/** A random UUID as the id of a check of this requester's. */
export const randomIdFor = (requesterId: string, uuid: string): string => uuid.slice(0, -1) + lastDigitOf(requesterId);

/** The id that a requester's idempotency key stands for: a UUID (version 8) made from both, so that a race meets one row. */
export function idOfKey(requesterId: string, key: string): string {
  const hex = sha256(JSON.stringify([requesterId, key]));
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return randomIdFor(requesterId, groups.join('-'));
}
