import { chainOf } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { requesterInKey } from '../table/check-keys.ts';
import { descendingTimeKey } from '../table/descending-time-key.ts';

/** An event has a row for each way to look for it: by time, requester, action and, where it belongs to one, check. */
export type RowKind = 'a' | 'c' | 'r' | 't';

/** What of an event decides where its rows stand. */
export interface PlacedEntry {
  readonly sequence: number;
  readonly event: Pick<AuditEvent, 'id' | 'time' | 'action' | 'checkId'> & {
    readonly requester: { readonly id: string };
  };
}

const LAST_MONTH = 999_999;
const LAST_SEQUENCE = 999_999;

/** A month's events share a partition, and the newest month comes first. `month` is such as 2026-03. */
export const partitionOfMonth = (month: string): string =>
  String(LAST_MONTH - Number(month.replace('-', ''))).padStart(6, '0');

/** The month of a partition; `undefined` where it is no partition of ours. */
export function monthOfPartition(partitionKey: string): string | undefined {
  if (!/^\d{6}$/.test(partitionKey)) return undefined;
  const digits = String(LAST_MONTH - Number(partitionKey)).padStart(6, '0');
  const month = `${digits.slice(0, 4)}-${digits.slice(4)}`;
  return /-(0[1-9]|1[0-2])$/.test(month) ? month : undefined;
}

/** Of a time, or of a day. */
export const monthOf = (time: string): string => time.slice(0, 7);

/** The month that many months before. */
export function monthBefore(month: string, months = 1): string {
  const begin = new Date(`${month}-01T00:00:00.000Z`);
  begin.setUTCMonth(begin.getUTCMonth() - months);
  return monthOf(begin.toISOString());
}

const downSequence = (sequence: number): string => String(LAST_SEQUENCE - sequence).padStart(6, '0');
/** How the key of a check's first event ends. */
export const firstSequence = downSequence(1);

/** Where an event stands among all, newest first; those of one check by their sequence, whatever the clocks said. */
export const orderOf = ({ sequence, event }: PlacedEntry): string =>
  `${descendingTimeKey(new Date(event.time))}!${chainOf(event)}!${downSequence(sequence)}`;

/** A slash is not allowed in a key. */
export const requesterPrefix = (requesterId: string): string => `r!${requesterInKey(requesterId)}!`;
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
