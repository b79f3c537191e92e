import { odata, type TableClient } from '@azure/data-tables';
import type { Pauses } from '../../check/ports/pauses.ts';
import { minuteOf } from '../../contract/time.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { orUnavailable, statusOf } from '../table/unavailable.ts';

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

    secondsBetween: (from, to) =>
      orUnavailable('StorageUnavailable', async () => {
        const filter = odata`PartitionKey eq ${PARTITION} and RowKey ge ${minuteOf(from)} and RowKey le ${minuteOf(to)}`;
        return (await count(table, filter)) * 60;
      }),
  };
}

async function count(table: TableClient, filter: string): Promise<number> {
  let rows = 0;
  try {
    const pages = table.listEntities({ queryOptions: { filter, select: ['RowKey'] } }).byPage();
    for await (const page of pages) rows += page.length;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return rows;
}
