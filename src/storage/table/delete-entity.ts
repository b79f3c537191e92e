import type { TableClient } from '@azure/data-tables';
import { statusOf } from './unavailable.ts';

/** Sees to it that an entity is not there; one that was not there before is no fault. */
export async function deleteEntity(table: TableClient, partitionKey: string, rowKey: string): Promise<void> {
  try {
    await table.deleteEntity(partitionKey, rowKey);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
