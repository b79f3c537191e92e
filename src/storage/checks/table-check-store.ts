import type { TableClient, TableEntity, TransactionAction } from '@azure/data-tables';
import type { SigningKey } from '../../audit/checkpoint/signing-key.ts';
import { type Check, isOpen } from '../../check/state/check.ts';
import type { CheckStore, Stored } from '../../check/ports/check-store.ts';
import { fromAnswerProperties, toAnswerProperties } from './answer-properties.ts';
import { asWritten } from '../guards/as-written.ts';
import { answerKey, checkMarkers, shardOf } from '../table/check-keys.ts';
import { isSignedRow, readCheckRow, toSignedRow } from './check-row.ts';
import { getEntity } from '../table/get-entity.ts';
import { listRowChanges } from './list-rows.ts';
import { flowRowChanges } from '../flows/flow-rows.ts';
import { memberChanges } from '../sets/member-rows.ts';
import { sealMarkerOf } from '../audit/seal-markers.ts';
import { orUnavailable } from '../table/unavailable.ts';
import { writeCheck } from './write-check.ts';

/**
 * Checks in Azure Table storage. A check's row, its marker, its place in the requester's history and ARM's answer share a partition and change in
 * one transaction. Every write carries an id of its own, so that a write whose answer was lost is recognised when the
 * row is read again. With a key rows are signed, and what somebody else wrote is `unsigned`.
 */
export function tableCheckStore(table: TableClient, newId: () => string, key?: SigningKey): CheckStore {
  return {
    insert: (check, memberVersion) =>
      orUnavailable('StorageUnavailable', async () => {
        const writeId = newId();
        const actions: TransactionAction[] = [
          ['create', await toSignedRow(check, writeId, key)],
          ['create', markerOf(check)],
          ...listRowChanges(undefined, check),
          ...flowRowChanges(undefined, check),
          ...memberChanges(undefined, check, memberVersion),
        ];
        return (await writeCheck(table, check, writeId, actions)) !== undefined;
      }),

    find: (id) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = await readCheckRow(table, id);
        if (!row) return undefined;
        const { check, version } = row;
        return key && !(await isSignedRow(key, row)) ? { check, version, unsigned: true } : { check, version };
      }),

    replace: <C extends Check>({ check, version, unsigned }: Stored, next: C, answer?: string) =>
      orUnavailable('StorageUnavailable', async () => {
        const writeId = newId();
        const actions: TransactionAction[] = [
          ['update', await toSignedRow(next, writeId, unsigned ? undefined : key), 'Replace', { etag: version }],
          ...markerChange(check, next),
        ];
        const event = next.audited > check.audited ? next.pendingEvent : undefined;
        if (event) actions.push(['upsert', sealMarkerOf({ sequence: next.audited, event }), 'Replace']);
        actions.push(...listRowChanges(check, next), ...flowRowChanges(check, next));
        actions.push(...memberChanges(check, next));
        if (answer !== undefined) actions.push(['upsert', await answerOf(next, answer), 'Replace']);
        const newVersion = await writeCheck(table, next, writeId, actions);
        return newVersion === undefined ? undefined : { check: next, version: newVersion, unsigned };
      }),

    answer: (id) =>
      orUnavailable('StorageUnavailable', async () => {
        const entity = await getEntity(table, shardOf(id), answerKey(id));
        return entity && asWritten(entity, () => fromAnswerProperties(entity));
      }),
  };
}

/** A check that was closed has no marker, and one that is not there cannot be deleted. */
function markerChange(before: Check, next: Check): TransactionAction[] {
  if (isOpen(next)) return [['upsert', markerOf(next), 'Replace']];
  return isOpen(before) ? [['delete', markerOf(next)]] : [];
}

/** What the sweeper looks at: it stands as long as work remains. */
const markerOf = ({ id, dueAt }: Check): TableEntity => ({
  partitionKey: shardOf(id),
  rowKey: checkMarkers.keyOf(id),
  dueAt,
  sweeps: 0,
});

const answerOf = async ({ id }: Check, answer: string): Promise<TableEntity> => ({
  partitionKey: shardOf(id),
  rowKey: answerKey(id),
  ...(await toAnswerProperties(answer)),
});
