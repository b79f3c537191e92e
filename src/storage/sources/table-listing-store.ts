import type { TableClient } from '@azure/data-tables';
import { keptSchema, type ListingStore } from '../../sources/listing.ts';
import { fromAnswerProperties, toAnswerProperties } from '../checks/answer-properties.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { getEntity } from '../table/get-entity.ts';
import { orUnavailable } from '../table/unavailable.ts';

const PARTITION = 'sources';
const ROW = 'listing';

/** One row, compressed. Whoever writes last has the newest list, and all instances read that. */
export function tableListingStore(table: TableClient): ListingStore {
  return {
    read: () =>
      orUnavailable('StorageUnavailable', async () => {
        const entity = await getEntity(table, PARTITION, ROW);
        return entity && keptSchema.parse(JSON.parse(await fromAnswerProperties(entity)));
      }),

    write: (kept) =>
      orUnavailable('StorageUnavailable', async () => {
        const row = { partitionKey: PARTITION, rowKey: ROW, ...(await toAnswerProperties(JSON.stringify(kept))) };
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity(row, 'Replace'),
        );
      }),
  };
}
