import { odata, type TableClient, type TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import type { SigningKey } from '../../audit/checkpoint/signing-key.ts';
import type { ChatRequests, StoredChatRequest } from '../../chat/ports/chat-requests.ts';
import { type Addressed, addressedAt, type ChatRequest, chatRequestSchema, lookAtOf } from '../../chat/request.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { secondsAfter } from '../../contract/time.ts';
import { overdueBefore } from '../../check/overdue.ts';
import { nextSweepDue } from '../../check/sweep.ts';
import { shardOf, shards } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { deleteEntity } from '../table/delete-entity.ts';
import { getEntity } from '../table/get-entity.ts';
import { streamRows } from '../table/stream-rows.ts';
import { isLost, orUnavailable } from '../table/unavailable.ts';
import { isSealed, seal } from './seal.ts';

/**
 * Chat requests in a table of their own: the address by which one is answered is a secret, which stands in one column and
 * goes with the answer. Each row is signed, because it is all that says who asked.
 */
export function tableChatRequests(table: TableClient, key: SigningKey): ChatRequests {
  return {
    insert: (addressed) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = await toRow(key, addressed);
        const create = () =>
          createWhereMissing(
            () => table.createTable(),
            () => table.createEntity(row),
          );
        return !(await isLost(create));
      }),

    find: (id) =>
      orUnavailable('StorageUnavailable', async () => {
        const entity = await getEntity(table, shardOf(id), id);
        return entity && fromRow(key, entity);
      }),

    replace: ({ version }, next) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = await toRow(key, next);
        let etag: string | undefined;
        const lost = await isLost(async () => {
          ({ etag } = await table.updateEntity(row, 'Replace', { etag: version }));
        });
        if (lost) return undefined;
        if (etag === undefined) throw new Error('Storage gave a chat request no version.');
        return { ...next, version: etag };
      }),

    claimOverdue: (now) => claimOverdue(table, key, now),

    remove: (id) => orUnavailable('StorageUnavailable', () => deleteEntity(table, shardOf(id), id)),
  };
}

/** `lookAt` is what the sweeper looks at, and moves. */
async function toRow(key: SigningKey, { request, answerUrl }: Addressed): Promise<TableEntity> {
  const text = JSON.stringify(request);
  return {
    ...{ partitionKey: shardOf(request.id), rowKey: request.id, lookAt: request.dueAt, sweeps: 0 },
    ...{ request: text, proof: await seal(key, KIND, [request.id, text, answerUrl]) },
    ...(answerUrl !== undefined && { answerUrl }),
  };
}

const KIND = 'chat request';

const rowSchema = z.object({
  ...{ rowKey: z.string(), etag: z.string(), request: z.string(), proof: z.string() },
  answerUrl: z.string().optional(),
});

/** `undefined` where it was not this app that wrote the row. */
async function fromRow(key: SigningKey, entity: unknown): Promise<StoredChatRequest | undefined> {
  const row = rowSchema.safeParse(entity).data;
  const request = row && chatRequestSchema.safeParse(jsonOf(row.request)).data;
  if (!row || !request || request.id !== row.rowKey) return undefined;
  const { answerUrl, proof, etag: version } = row;
  if (!(await isSealed(key, KIND, [request.id, row.request, answerUrl], proof))) return undefined;
  return { request, ...(answerUrl !== undefined && { answerUrl }), version };
}

const overdueSchema = z.object({ sweeps: z.int().min(0).catch(0) });
const unknownSchema = z.object({ rowKey: z.string(), lookAt: z.string(), answerUrl: z.unknown().optional() });

/** So long a row is left alone that this app cannot have written: its key may be back by then. */
const UNKNOWN_SECONDS = 3 * 86_400;
/** With an address, which is looked at after 25 minutes at the latest, and gone within half an hour. */
const UNKNOWN_ADDRESSED_SECONDS = 150;

async function* claimOverdue(table: TableClient, key: SigningKey, now: Date): AsyncGenerator<ChatRequest> {
  for (const shard of shards) {
    const filter = odata`PartitionKey eq ${shard} and lookAt lt ${overdueBefore(now).toISOString()}`;
    for await (const entity of streamRows('StorageUnavailable', table, filter)) {
      const row = await fromRow(key, entity);
      if (!row) {
        const { rowKey, lookAt, answerUrl } = unknownSchema.parse(entity);
        const kept = answerUrl === undefined ? UNKNOWN_SECONDS : UNKNOWN_ADDRESSED_SECONDS;
        if (lookAt < secondsAfter(now, -kept).toISOString())
          await orUnavailable('StorageUnavailable', () => deleteEntity(table, shard, rowKey));
        continue;
      }
      const { request, version } = row;
      const { sweeps } = overdueSchema.parse(entity);
      // Where no worker comes to it, an address must end all the same.
      const kept = addressedAt(now, row);
      const lookAt = lookAtOf(kept, nextSweepDue(now, sweeps)).toISOString();
      const next = { ...(await toRow(key, kept)), sweeps: sweeps + 1, lookAt };
      // The row's version decides which of several sweepers wakes it.
      const claim = () => isLost(() => table.updateEntity(next, 'Replace', { etag: version }));
      if (!(await orUnavailable('StorageUnavailable', claim))) yield request;
    }
  }
}
