import type { TableClient, TransactionAction } from '@azure/data-tables';
import { getEntity } from '../table/get-entity.ts';
import { transact } from '../table/transact.ts';
import { statusOf } from '../table/unavailable.ts';

/** A transaction deletes hardly more rows; somebody may take them away one by one. */
const MAX_TRIES = 5;

/**
 * As `transact`, but a row that is to be deleted and is not there is no fault: whoever has taken it away would keep all
 * the others from ever being written.
 */
export async function transactPastGone(
  table: TableClient,
  actions: readonly TransactionAction[],
  tries = 1,
): Promise<string | undefined> {
  try {
    return await transact(table, [...actions]);
  } catch (error) {
    const left = statusOf(error) === 404 && tries < MAX_TRIES ? await withoutGone(table, actions) : actions;
    if (left.length === actions.length) throw error;
    return transactPastGone(table, left, tries + 1);
  }
}

async function withoutGone(
  table: TableClient,
  actions: readonly TransactionAction[],
): Promise<readonly TransactionAction[]> {
  const isLeft = await Promise.all(
    actions.map(async ([kind, { partitionKey, rowKey }]) => {
      return kind !== 'delete' || (await getEntity(table, partitionKey, rowKey)) !== undefined;
    }),
  );
  return actions.filter((_, index) => isLeft[index]);
}
