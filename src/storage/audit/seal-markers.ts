import type { TableEntity } from '@azure/data-tables';
import { type AuditEntry, subjectOf } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { shardOf, shardOfRequester } from '../table/check-keys.ts';

export const sealMarkerPrefix = 'unsealed!';

/** A check's markers are in its own partition, so that they are written in its own transactions. */
export const shardOfEvent = ({ checkId, requester }: AuditEvent): string =>
  checkId === undefined ? shardOfRequester(requester.id) : shardOf(checkId);

/** Says that an event will be there, or is, and that no checkpoint covers it yet. */
export function sealMarkerOf({ sequence, event }: AuditEntry): TableEntity {
  const rowKey = sealMarkerKey(subjectOf(event), sequence);
  return { partitionKey: shardOfEvent(event), rowKey, time: event.time };
}

const sealMarkerKey = (subject: string, sequence: number): string =>
  `${sealMarkerPrefix}${subject}!${String(sequence).padStart(6, '0')}`;

/** What a marker's key says after its prefix, such as `<subject>!000001`; nothing is checked. */
export function readSealMarkerKey(key: string): { readonly subject: string; readonly sequence: number } {
  const [subject = '', sequence = ''] = key.split('!');
  return { subject, sequence: Number(sequence) };
}
