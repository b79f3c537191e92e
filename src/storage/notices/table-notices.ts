import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { overdueBefore } from '../../check/overdue.ts';
import { nextSweepDue } from '../../check/sweep.ts';
import type { NoticeKey } from '../../notify/notice.ts';
import type { NoticeStore, StoredNotice } from '../../notify/ports/notice-store.ts';
import { shardOf, shards } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { getEntity } from '../table/get-entity.ts';
import { streamRows } from '../table/stream-rows.ts';
import { isLost, orUnavailable } from '../table/unavailable.ts';
import { fromNoticeRow, keyOfRow, placeOf, rangeOf, toNoticeRow } from './notice-rows.ts';

/**
 * Notices in a table of their own, because what is in them is a secret: the rows of a check are copied into lists and
 * kept for ever, and these are deleted.
 */
export function tableNotices(table: TableClient): NoticeStore {
  const stored = (entity: { readonly etag: string }): StoredNotice => ({
    notice: fromNoticeRow(entity),
    version: entity.etag,
  });

  return {
    insert: (notice) =>
      orUnavailable('StorageUnavailable', async () => {
        const create = async () => {
          const { etag } = await createWhereMissing(
            () => table.createTable(),
            () => table.createEntity(toNoticeRow(notice)),
          );
          // Whoever is to be told would never be.
          if (etag === undefined) throw new Error('Storage gave a notice no version.');
        };
        return !(await isLost(create));
      }),

    find: (key) =>
      orUnavailable('StorageUnavailable', async () => {
        const { partitionKey, rowKey } = placeOf(key);
        const entity = await getEntity(table, partitionKey, rowKey);
        return entity && stored(entity);
      }),

    findAll: async (about) => {
      const { from, to } = rangeOf(about);
      const filter = odata`PartitionKey eq ${shardOf(about.id)} and RowKey ge ${from} and RowKey lt ${to}`;
      const found: StoredNotice[] = [];
      for await (const row of streamRows('StorageUnavailable', table, filter)) found.push(stored(etagOf(row)));
      return found;
    },

    replace: ({ version }, next) =>
      orUnavailable('StorageUnavailable', async () => {
        let etag: string | undefined;
        const lost = await isLost(async () => {
          ({ etag } = await table.updateEntity(toNoticeRow(next), 'Replace', { etag: version }));
        });
        if (lost) return undefined;
        if (etag === undefined) throw new Error('Storage gave a notice no version.');
        return { notice: next, version: etag };
      }),

    remove: ({ notice, version }) =>
      orUnavailable('StorageUnavailable', async () => {
        const { partitionKey, rowKey } = placeOf({ about: notice.about, to: notice.to.kind });
        await isLost(() => table.deleteEntity(partitionKey, rowKey, { etag: version }));
      }),

    claimOverdue: (now) => claimOverdue(table, now),
  };
}

/** Every notice that is overdue, a stream a shard. */
function claimOverdue(table: TableClient, now: Date): readonly AsyncIterable<NoticeKey>[] {
  /** The row's version decides which of several sweepers wakes it. */
  async function take(shard: string, row: OverdueRow): Promise<boolean> {
    const lookAt = nextSweepDue(now, row.sweeps).toISOString();
    const next = { partitionKey: shard, rowKey: row.rowKey, lookAt, sweeps: row.sweeps + 1 };
    return !(await isLost(() => table.updateEntity(next, 'Merge', { etag: row.etag })));
  }

  async function* claimIn(shard: string): AsyncGenerator<NoticeKey> {
    const filter = odata`PartitionKey eq ${shard} and lookAt lt ${overdueBefore(now).toISOString()}`;
    for await (const entity of streamRows('StorageUnavailable', table, filter)) {
      const row = overdueSchema.parse(entity);
      const key = keyOfRow(row.rowKey);
      if (key && (await orUnavailable('StorageUnavailable', () => take(shard, row)))) yield key;
    }
  }

  return shards.map((shard) => claimIn(shard));
}

const overdueSchema = z.object({ rowKey: z.string(), etag: z.string(), sweeps: z.int().min(0).catch(0) });
type OverdueRow = z.infer<typeof overdueSchema>;

const withEtag = z.looseObject({ etag: z.string() });
const etagOf = (row: unknown) => withEtag.parse(row);
