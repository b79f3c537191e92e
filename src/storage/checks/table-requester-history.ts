import { odata, type TableClient } from '@azure/data-tables';
import type { RequesterHistory } from '../../check/ports/requester-history.ts';
import type { PastRequest } from '../../policy/limits.ts';
import { historyKey, historyRange, shardOfRequester } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import type { RowProofs } from '../guards/row-proofs.ts';
import { streamRows } from '../table/stream-rows.ts';
import { fromHistoryRow } from './history-row.ts';
import { orUnavailable } from '../table/unavailable.ts';

const MINUTE_MILLISECONDS = 60_000;
const COLUMNS = ['at', 'open', 'destinationKey', 'ports', 'rule', 'overLimit'];

/** A requester's history, one range of one partition, written with the checks themselves. */
export function tableRequesterHistory(table: TableClient, proofs: RowProofs): RequesterHistory {
  return {
    since: (requesterId, since, now, destination = '') =>
      orUnavailable('StorageUnavailable', async () => {
        const { from, to } = historyRange(requesterId, since);
        const recent = historyRange(requesterId, new Date(now.getTime() - MINUTE_MILLISECONDS)).to;
        const shard = shardOfRequester(requesterId);
        const filter = odata`PartitionKey eq ${shard} and RowKey ge ${from} and RowKey lt ${to} and (RowKey lt ${recent} or open eq true or destinationKey eq ${destination})`;
        const past: PastRequest[] = [];
        for await (const row of streamRows('StorageUnavailable', table, filter, COLUMNS)) {
          const one = fromHistoryRow(row);
          if (one) past.push(one);
        }
        return past;
      }),

    refusedSince: (requesterId, since, most) =>
      orUnavailable('StorageUnavailable', async () => {
        const { from, to } = historyRange(requesterId, since);
        const shard = shardOfRequester(requesterId);
        const filter = odata`PartitionKey eq ${shard} and RowKey ge ${from} and RowKey lt ${to}`;
        let count = 0;
        for await (const { rowKey, proof } of streamRows('StorageUnavailable', table, filter, ['RowKey', 'proof'])) {
          // Rows that somebody else made would have refusals told without what was refused.
          if (proof !== undefined && (await proofs.isProven('refusal', rowKey, proof))) count++;
          if (count === most) break;
        }
        return count;
      }),

    addRefused: (requesterId, at, id, overLimit) =>
      orUnavailable('StorageUnavailable', async () => {
        const rowKey = historyKey(requesterId, at, id);
        const partitionKey = shardOfRequester(requesterId);
        const row = {
          partitionKey,
          rowKey,
          at: at.toISOString(),
          open: false,
          overLimit,
          ...(await proofs.prove('refusal', rowKey)),
        };
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity(row, 'Replace'),
        );
      }),
  };
}
