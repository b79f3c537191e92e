import type { TableClient } from '@azure/data-tables';
import { statusOf } from './unavailable.ts';

/** An entity, or `undefined` where it, or its table, is not there. */
export async function getEntity(table: TableClient, partitionKey: string, rowKey: string) {
  try {
    return await table.getEntity(partitionKey, rowKey);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}
