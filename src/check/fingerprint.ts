import { createHash, createHmac } from 'node:crypto';
import type { CheckRequest } from '../contract/check-request.ts';

/** The id that a requester's idempotency key stands for: a UUID (version 8) made from both, so that a race meets one row. */
export function idOfKey(requesterId: string, key: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([requesterId, key]))
    .digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Tells equal requests from others. Keyed with a text that is kept nowhere, so that it gives no probe header away. */
export function fingerprintOf(request: CheckRequest, key: string): string {
  return createHmac('sha256', key).update(canonical(request)).digest('hex');
}

/** JSON with sorted members and without absent ones. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
