import type { TableClient } from '@azure/data-tables';
import { keptSchema, type ListingStore } from '../../sources/listing.ts';
import { fromAnswerProperties, toAnswerProperties } from '../checks/answer-properties.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { getEntity } from '../table/get-entity.ts';
import type { RowProofs } from '../guards/row-proofs.ts';
import { orUnavailable } from '../table/unavailable.ts';

const PARTITION = 'sources';
const ROW = 'listing';

/** One row, compressed. Whoever writes last has the newest list, and all instances read that. */
export function tableListingStore(table: TableClient, proofs: RowProofs): ListingStore {
  return {
    read: () =>
      orUnavailable('StorageUnavailable', async () => {
        const entity = await getEntity(table, PARTITION, ROW);
        if (!entity) return undefined;
        const text = await fromAnswerProperties(entity);
        // By this list names become machines.
        if (await proofs.isProven('sources', text, entity['proof'])) return keptSchema.parse(JSON.parse(text));
        proofs.warn(`The row ${table.tableName}/${PARTITION}/${ROW} did not come from the proxy: it was passed over.`);
        return undefined;
      }),

    write: (kept) =>
      orUnavailable('StorageUnavailable', async () => {
        const text = JSON.stringify(kept);
        const columns = { ...(await toAnswerProperties(text)), ...(await proofs.prove('sources', text)) };
        const row = { partitionKey: PARTITION, rowKey: ROW, ...columns };
        await createWhereMissing(
          () => table.createTable(),
          () => table.upsertEntity(row, 'Replace'),
        );
      }),
  };
}
