import { chainOf } from '../audit/audit-log.ts';
import type { AuditEvent } from '../audit/event.ts';
import { downwards } from './downwards.ts';

/** An event has a row for each way to look for it: by time, requester, action and, where it belongs to one, check. */
export type RowKind = 'a' | 'c' | 'r' | 't';

/** What of an event decides where its rows stand. */
export interface PlacedEntry {
  readonly sequence: number;
  readonly event: Pick<AuditEvent, 'id' | 'time' | 'action' | 'checkId'> & {
    readonly requester: { readonly id: string };
  };
}

const DAY_MILLISECONDS = 86_400_000;
const LAST_DAY = 99_999;
const LAST_SEQUENCE = 999_999;

/** A day's events share a partition, and the newest day comes first. `day` is such as 2026-03-01. */
export const partitionOfDay = (day: string): string =>
  String(LAST_DAY - Math.floor(Date.parse(day) / DAY_MILLISECONDS)).padStart(5, '0');

/** The day of a partition; `undefined` where it is no partition of ours. */
export function dayOfPartition(partitionKey: string): string | undefined {
  if (!/^\d{5}$/.test(partitionKey)) return undefined;
  return new Date((LAST_DAY - Number(partitionKey)) * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

export const dayOf = (time: string): string => time.slice(0, 10);

const downSequence = (sequence: number): string => String(LAST_SEQUENCE - sequence).padStart(6, '0');

/** Where an event stands among all, newest first; those of one check by their sequence, whatever the clocks said. */
export const orderOf = ({ sequence, event }: PlacedEntry): string =>
  `${downwards(new Date(event.time))}!${chainOf(event)}!${downSequence(sequence)}`;

/** A slash is not allowed in a key. */
export const requesterPrefix = (requesterId: string): string => `r!${requesterId.replace('/', '_')}!`;
export const actionPrefix = (action: AuditEvent['action']): string => `a!${action}!`;
export const checkPrefix = (checkId: string): string => `c!${checkId}!`;
export const timePrefix = 't!';

/** Keys of all rows of an event. */
export function rowKeysOf(entry: PlacedEntry): Map<RowKind, string> {
  const { sequence, event } = entry;
  const order = orderOf(entry);
  const keys = new Map<RowKind, string>([
    ['t', timePrefix + order],
    ['r', requesterPrefix(event.requester.id) + order],
    ['a', actionPrefix(event.action) + order],
  ]);
  if (event.checkId !== undefined) keys.set('c', checkPrefix(event.checkId) + downSequence(sequence));
  return keys;
}

/** What a row's key says it is; `undefined` where it is no key of ours. */
export function readRowKey(
  rowKey: string,
): { readonly kind: RowKind; readonly chain: string; readonly sequence: number } | undefined {
  const found =
    /^(?<kind>[art])!.*?(?<chain>[0-9a-f-]{36})!(?<down>\d{6})$/.exec(rowKey) ??
    /^(?<kind>c)!(?<chain>[0-9a-f-]{36})!(?<down>\d{6})$/.exec(rowKey);
  const { kind, chain, down } = found?.groups ?? {};
  if (chain === undefined || down === undefined) return undefined;
  if (kind !== 't' && kind !== 'r' && kind !== 'a' && kind !== 'c') return undefined;
  return { kind, chain, sequence: LAST_SEQUENCE - Number(down) };
}
