import { odata, type TableClient } from '@azure/data-tables';
import type { Pauses } from '../../check/ports/pauses.ts';
import { minuteOf } from '../../contract/time.ts';
import type { RowProofs } from '../guards/row-proofs.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { streamRows } from '../table/stream-rows.ts';
import { orUnavailable } from '../table/unavailable.ts';

const PARTITION = 'pauses';

/** A row for each minute that was paused: writers need not agree, and nothing has to be closed. */
export function tablePauses(table: TableClient, proofs: RowProofs): Pauses {
  return {
    note: (now) =>
      orUnavailable('StorageUnavailable', async () => {
        const minute = minuteOf(now);
        const row = { partitionKey: PARTITION, rowKey: minute, ...(await proofs.prove('pause', minute)) };
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity(row, 'Replace'),
        );
      }),

    secondsBetween: async (from, to) => {
      const filter = odata`PartitionKey eq ${PARTITION} and RowKey ge ${minuteOf(from)} and RowKey le ${minuteOf(to)}`;
      let [minutes, foreign] = [0, 0];
      for await (const row of streamRows('StorageUnavailable', table, filter, ['RowKey', 'proof'])) {
        // A pause that never was would keep checks from their deadline for ever.
        if (await proofs.isProven('pause', row['rowKey'], row['proof'])) minutes++;
        else foreign++;
      }
      if (foreign > 0)
        proofs.warn(
          `${foreign} rows ${table.tableName}/${PARTITION} did not come from the proxy: they were passed over.`,
        );
      return minutes * 60;
    },
  };
}
