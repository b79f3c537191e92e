import { odata, type TableClient, type TableEntity } from '@azure/data-tables';
import { z } from 'zod';
import type { ChatRequests, StoredChatRequest } from '../../chat/ports/chat-requests.ts';
import { type Addressed, type ChatRequest, chatRequestSchema } from '../../chat/request.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { overdueBefore } from '../../check/overdue.ts';
import { nextSweepDue } from '../../check/sweep.ts';
import { shardOf, shards } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { deleteEntity } from '../table/delete-entity.ts';
import { getEntity } from '../table/get-entity.ts';
import { streamRows } from '../table/stream-rows.ts';
import { isLost, orUnavailable } from '../table/unavailable.ts';

/**
 * Chat requests in a table of their own: the address by which one is answered is a secret, which stands in one column and
 * goes with the answer.
 */
export function tableChatRequests(table: TableClient): ChatRequests {
  return {
    insert: (addressed) =>
      orUnavailable('StorageUnavailable', async () => {
        const create = () =>
          createWhereMissing(
            () => table.createTable(),
            () => table.createEntity(toRow(addressed)),
          );
        return !(await isLost(create));
      }),

    find: (id) =>
      orUnavailable('StorageUnavailable', async () => {
        const entity = await getEntity(table, shardOf(id), id);
        return entity && fromRow(entity);
      }),

    replace: ({ version }, next) =>
      orUnavailable('StorageUnavailable', async () => {
        let etag: string | undefined;
        const lost = await isLost(async () => {
          ({ etag } = await table.updateEntity(toRow(next), 'Replace', { etag: version }));
        });
        if (lost) return undefined;
        if (etag === undefined) throw new Error('Storage gave a chat request no version.');
        return { ...next, version: etag };
      }),

    claimOverdue: (now) => claimOverdue(table, now),

    remove: (id) => orUnavailable('StorageUnavailable', () => deleteEntity(table, shardOf(id), id)),
  };
}

/** `lookAt` is what the sweeper looks at, and moves. */
const toRow = ({ request, answerUrl }: Addressed): TableEntity => ({
  partitionKey: shardOf(request.id),
  rowKey: request.id,
  lookAt: request.dueAt,
  sweeps: 0,
  request: JSON.stringify(request),
  ...(answerUrl !== undefined && { answerUrl }),
});

const rowSchema = z.object({ etag: z.string(), request: z.string(), answerUrl: z.string().optional() });

/** `undefined` where somebody else wrote the row. */
function fromRow(entity: unknown): StoredChatRequest | undefined {
  const row = rowSchema.safeParse(entity).data;
  const request = row && chatRequestSchema.safeParse(jsonOf(row.request)).data;
  if (!row || !request) return undefined;
  return { request, ...(row.answerUrl !== undefined && { answerUrl: row.answerUrl }), version: row.etag };
}

const overdueSchema = z.object({ sweeps: z.int().min(0).catch(0) });

async function* claimOverdue(table: TableClient, now: Date): AsyncGenerator<ChatRequest> {
  for (const shard of shards) {
    const filter = odata`PartitionKey eq ${shard} and lookAt lt ${overdueBefore(now).toISOString()}`;
    for await (const entity of streamRows('StorageUnavailable', table, filter)) {
      const row = fromRow(entity);
      if (!row) continue;
      const { request, version } = row;
      const { sweeps } = overdueSchema.parse(entity);
      const next = {
        ...{ partitionKey: shard, rowKey: request.id, sweeps: sweeps + 1 },
        lookAt: nextSweepDue(now, sweeps).toISOString(),
      };
      // The row's version decides which of several sweepers wakes it.
      const claim = () => isLost(() => table.updateEntity(next, 'Merge', { etag: version }));
      if (!(await orUnavailable('StorageUnavailable', claim))) yield request;
    }
  }
}
