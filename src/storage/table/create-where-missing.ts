import type { TableClient, TableEntity } from '@azure/data-tables';
import { statusOf } from './unavailable.ts';

/**
 * Runs an operation on a table, queue or container, and makes that first where it is not there yet. In Azure the deployment makes
 * them, and the app's identity need not be allowed to.
 */
export async function createWhereMissing<T>(create: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isMissing(error)) throw error;
    await create();
    return work();
  }
}

/** Creates an entity, and its table first where that is not there; one that is there already stays as it is. */
export async function createEntityOnce(table: TableClient, entity: TableEntity): Promise<void> {
  try {
    await createWhereMissing(
      () => table.createTable(),
      () => table.createEntity(entity),
    );
  } catch (error) {
    if (statusOf(error) !== 409) throw error;
  }
}

const missing = ['TableNotFound', 'QueueNotFound', 'ContainerNotFound'];

function isMissing(error: unknown): boolean {
  if (statusOf(error) !== 404 || !(error instanceof Error)) return false;
  return missing.some((code) =>
    JSON.stringify([error.message, Reflect.get(error, 'code'), Reflect.get(error, 'details')]).includes(code),
  );
}
