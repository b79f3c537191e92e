import { type EventKey, isReadingOfCheck, subjectOf } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { requesterInKey } from '../table/check-keys.ts';
import { descendingTimeKey } from '../table/descending-time-key.ts';

/** What of an event decides where its rows stand. */
export interface PlacedEntry {
  readonly sequence: number;
  readonly event: Pick<AuditEvent, 'id' | 'time' | 'action' | 'checkId' | 'requestId'> & {
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
const orderOf = ({ time, subject, sequence }: EventKey): string =>
  `${descendingTimeKey(new Date(time))}!${subject}!${downSequence(sequence)}`;

/** Keys of an event's own row. */
export const eventRowKeys = (key: EventKey): { readonly partitionKey: string; readonly rowKey: string } => ({
  partitionKey: partitionOfMonth(monthOf(key.time)),
  rowKey: timePrefix + orderOf(key),
});

/** A slash is not allowed in a key. */
export const requesterPrefix = (requesterId: string): string => `r!${requesterInKey(requesterId)}!`;
export const actionPrefix = (action: AuditEvent['action']): string => `a!${action}!`;
export const requestPrefix = (requestId: string): string => `q!${requestId}!`;
export const checkPrefix = (checkId: string): string => `c!${checkId}!`;
/** How the rest of such a key begins of those who read the check, newest first: past all events of its life. */
export const READER = 'r';
export const timePrefix = 't!';

/** Keys of an event's pointers, in the partition of its own row. */
export function pointerKeysOf({ sequence, event }: PlacedEntry): string[] {
  const order = orderOf({ time: event.time, subject: subjectOf(event), sequence });
  return [
    requesterPrefix(event.requester.id) + order,
    actionPrefix(event.action) + order,
    ...(isOfOwnRequest({ sequence, event }) ? [requestPrefix(event.requestId) + order] : []),
    ...(event.checkId === undefined ? [] : [checkPrefix(event.checkId) + placeOfCheck({ sequence, event }, order)]),
  ];
}

/** The first event of an HTTP request: the others that go back to it are events of the same check. */
const isOfOwnRequest = ({ sequence, event }: PlacedEntry): boolean =>
  sequence === 1 || ['canceled', 'shared', 'unshared'].includes(event.action);

const placeOfCheck = ({ sequence, event }: PlacedEntry, order: string): string =>
  isReadingOfCheck(event) ? READER + order : downSequence(sequence);

/** Which event a row's key names, of a row of that time; `undefined` where it is no key of ours. */
export function readRowKey(rowKey: string): { readonly subject: string; readonly sequence: number } | undefined {
  const { subject, down } =
    /^(?:[aqrt]!.*!|c!(?:.*!)?)(?<subject>[0-9a-f-]{36})!(?<down>\d{6})$/.exec(rowKey)?.groups ?? {};
  if (subject === undefined || down === undefined) return undefined;
  return { subject, sequence: LAST_SEQUENCE - Number(down) };
}
