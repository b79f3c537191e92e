import type { TableEntity, TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import { type CheckSet, checkSetSchema } from '../../set/state/set.ts';
import { asWritten } from '../guards/as-written.ts';
import { setMarkers, shardOf } from '../table/check-keys.ts';
import { fromTextProperties, toTextProperties } from '../table/text-properties.ts';
import { listKey, setKey, setOfKeyKey } from './set-keys.ts';

/** The set itself; `writeId` tells which write made it. */
export const toOwnRow = (set: CheckSet, writeId: string): TableEntity => ({
  partitionKey: shardOf(set.id),
  rowKey: setKey(set.id),
  writeId,
  ...toTextProperties('set', JSON.stringify(set)),
});

const ownRowSchema = z.looseObject({ etag: z.string() });

export async function readOwnRow(row: unknown): Promise<{ readonly set: CheckSet; readonly version: string }> {
  const entity = ownRowSchema.parse(row);
  const set = await asWritten(entity, () => checkSetSchema.parse(JSON.parse(fromTextProperties('set', entity))));
  return { set, version: entity.etag };
}

/** What an idempotency key stands for. */
export const toKeyRow = ({ id }: CheckSet, key: string): TableEntity => ({
  partitionKey: shardOf(id),
  rowKey: setOfKeyKey(key),
  setId: id,
});

export const keyRowSchema = z.object({ setId: z.uuid() });

/** What the sweeper looks at: it stands as long as a step is to come. */
export const markerOf = ({ id, dueAt }: CheckSet): TableEntity => ({
  partitionKey: shardOf(id),
  rowKey: setMarkers.keyOf(id),
  dueAt,
  sweeps: 0,
});

export function markerChange(before: CheckSet, next: CheckSet): TransactionAction[] {
  if (next.open) return [['upsert', markerOf(next), 'Replace']];
  return before.open ? [['delete', markerOf(next)]] : [];
}

/** The set's place among its requester's. */
export const toListRow = ({ id, caller, createdAt }: CheckSet, waiting: number): TableEntity => ({
  partitionKey: shardOf(id),
  rowKey: listKey(caller.requester.id, new Date(createdAt), id),
  waiting,
});

export const listRowSchema = z.object({ waiting: z.int() });
