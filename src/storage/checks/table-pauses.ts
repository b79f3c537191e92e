import { odata, type TableClient } from '@azure/data-tables';
import type { Pauses } from '../../check/ports/pauses.ts';
import { minuteOf } from '../../contract/time.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { streamRows } from '../table/stream-rows.ts';
import { orUnavailable } from '../table/unavailable.ts';

const PARTITION = 'pauses';

/** A row for each minute that was paused: writers need not agree, and nothing has to be closed. */
export function tablePauses(table: TableClient): Pauses {
  return {
    note: (now) =>
      orUnavailable('StorageUnavailable', async () => {
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity({ partitionKey: PARTITION, rowKey: minuteOf(now) }, 'Replace'),
        );
      }),

    secondsBetween: async (from, to) => {
      const filter = odata`PartitionKey eq ${PARTITION} and RowKey ge ${minuteOf(from)} and RowKey le ${minuteOf(to)}`;
      const minutes = new Set<unknown>();
      for await (const { rowKey } of streamRows('StorageUnavailable', table, filter, ['RowKey'])) minutes.add(rowKey);
      return minutes.size * 60;
    },
  };
}
