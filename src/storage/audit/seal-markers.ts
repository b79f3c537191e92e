import type { TableEntity } from '@azure/data-tables';
import { type AuditEntry, chainOf } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { shardOf, shardOfRequester } from '../table/check-keys.ts';

const PREFIX = 'unsealed!';

/** The sign after `!` ends the range. */
export const sealMarkerRange = { from: PREFIX, to: 'unsealed"' };

/** A check's markers are in its own partition, so that they are written in its own transactions. */
export const shardOfEvent = ({ checkId, requester }: AuditEvent): string =>
  checkId === undefined ? shardOfRequester(requester.id) : shardOf(checkId);

/** Says that an event will be there, or is, and that no checkpoint covers it yet. */
export function sealMarkerOf({ sequence, event }: AuditEntry): TableEntity {
  const rowKey = sealMarkerKey(chainOf(event), sequence);
  return { partitionKey: shardOfEvent(event), rowKey, time: event.time };
}

const sealMarkerKey = (chain: string, sequence: number): string =>
  `${PREFIX}${chain}!${String(sequence).padStart(6, '0')}`;

export function readSealMarkerKey(rowKey: string): { readonly chain: string; readonly sequence: number } {
  const [chain = '', sequence = ''] = rowKey.slice(PREFIX.length).split('!');
  return { chain, sequence: Number(sequence) };
}
