import { odata, type TableClient } from '@azure/data-tables';
import { checkMarkers, setMarkers, shards } from '../table/check-keys.ts';
import { streamRows } from '../table/stream-rows.ts';

const STALLED_MILLISECONDS = 300_000;

/**
 * Throws where an open check or set has been due for five minutes and no step has moved it: messages are not worked on. The
 * marker tells: each step rewrites it, and the sweeper notes in it since when it has been waking the check. A
 * message in the queue does not tell when it became due.
 * docs/decisions.md#readiness-looks-at-markers-not-at-messages
 */
export async function assertNoneStalled(table: TableClient, now: Date): Promise<void> {
  const since = new Date(now.getTime() - STALLED_MILLISECONDS).toISOString();
  await Promise.all(
    shards.map(async (shard) => {
      const filter = odata`PartitionKey eq ${shard} and RowKey ge ${checkMarkers.from} and RowKey lt ${setMarkers.to} and (dueAt lt ${since} or overdueSince lt ${since})`;
      for await (const { rowKey } of streamRows('StorageUnavailable', table, filter)) {
        const [checkId, setId] = [checkMarkers.idOf(String(rowKey)), setMarkers.idOf(String(rowKey))];
        const what = checkId === undefined ? setId && `Set ${setId}` : `Check ${checkId}`;
        if (what) throw new Error(`${what} has been due for five minutes, and no step was taken.`);
      }
    }),
  );
}
