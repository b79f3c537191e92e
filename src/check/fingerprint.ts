import { createHmac } from 'node:crypto';
import type { CheckRequest } from '../contract/check-request.ts';

/** Tells equal requests from others. Keyed with a text that is kept nowhere, so that it gives no probe header away. */
export function fingerprintOf({ request, networkWatcher, reason }: CheckRequest, key: string): string {
  return createHmac('sha256', key).update(canonical({ request, networkWatcher, reason })).digest('hex');
}

/** JSON with sorted members and without absent ones. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}
