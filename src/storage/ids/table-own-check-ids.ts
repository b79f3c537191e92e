import { odata, type TableClient } from '@azure/data-tables';
import type { OwnCheckIds } from '../../check/ports/own-check-ids.ts';
import { historyRange, shardOfRequester } from '../table/check-keys.ts';
import { streamRows } from '../table/stream-rows.ts';

/** The ids in the keys of a requester's history, past the requests that were refused. */
export function tableOwnCheckIds(table: TableClient): OwnCheckIds {
  return async (requesterId, most) => {
    const { from, to } = historyRange(requesterId, new Date(0));
    const filter = odata`PartitionKey eq ${shardOfRequester(requesterId)} and RowKey ge ${from} and RowKey lt ${to} and status gt ''`;
    const ids: string[] = [];
    for await (const { rowKey } of streamRows('StorageUnavailable', table, filter, ['RowKey'])) {
      ids.push(String(rowKey).slice(-ID_LENGTH));
      if (ids.length === most) break;
    }
    return ids;
  };
}

const ID_LENGTH = '00000000-0000-4000-8000-000000000000'.length;
