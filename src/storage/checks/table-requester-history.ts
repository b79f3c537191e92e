import { odata, type TableClient } from '@azure/data-tables';
import type { RequesterHistory } from '../../check/ports/requester-history.ts';
import type { PastRequest } from '../../policy/limits.ts';
import { historyKey, historyRange, shardOfRequester } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { fromHistoryRow } from './history-row.ts';
import { orUnavailable, statusOf } from '../table/unavailable.ts';

const MINUTE_MILLISECONDS = 60_000;

/** A requester's history, one range of one partition, written with the checks themselves. */
export function tableRequesterHistory(table: TableClient): RequesterHistory {
  return {
    since: (requesterId, since, now, destination = '') =>
      orUnavailable('StorageUnavailable', () => {
        const { from, to } = historyRange(requesterId, since);
        const recent = historyRange(requesterId, new Date(now.getTime() - MINUTE_MILLISECONDS)).to;
        const shard = shardOfRequester(requesterId);
        const filter = odata`PartitionKey eq ${shard} and RowKey ge ${from} and RowKey lt ${to} and (RowKey lt ${recent} or open eq true or destinationKey eq ${destination})`;
        return collect(table, filter);
      }),

    addRefused: (requesterId, at, id, overLimit) =>
      orUnavailable('StorageUnavailable', async () => {
        const rowKey = historyKey(requesterId, at, id);
        const partitionKey = shardOfRequester(requesterId);
        const row = { partitionKey, rowKey, at: at.toISOString(), open: false, overLimit };
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity(row, 'Replace'),
        );
      }),
  };
}

/** A table that does not exist yet has no history. */
async function collect(table: TableClient, filter: string): Promise<PastRequest[]> {
  const past: PastRequest[] = [];
  try {
    for await (const entity of table.listEntities({
      queryOptions: { filter, select: ['at', 'open', 'destinationKey', 'ports', 'rule', 'overLimit'] },
    }))
      past.push(fromHistoryRow(entity));
    return past;
  } catch (error) {
    if (statusOf(error) === 404) return [];
    throw error;
  }
}
