import type { TableClient, TransactionAction } from '@azure/data-tables';
import { createWhereMissing } from './create-where-missing.ts';
import { statusOf } from './unavailable.ts';

/**
 * Does all actions or none, and answers the first one's new version, where it has one. A 2xx is believed only where it
 * says of every action that it was done, with the version of what was written: the SDK takes an empty body, an HTML page,
 * or an inner 503 that is not JSON on one line, for success. Throws where it is not known what was written.
 * docs/decisions.md#an-answer-of-storage-counts-only-where-it-says-so
 */
export async function transact(table: TableClient, actions: TransactionAction[]): Promise<string | undefined> {
  const { subResponses } = await createWhereMissing(
    () => table.createTable(),
    () => table.submitTransaction(actions),
  );
  const isDone = ([kind]: TransactionAction, index: number): boolean => {
    const { status = 0, etag } = subResponses[index] ?? {};
    return status >= 200 && status < 300 && (kind === 'delete' || etag !== undefined);
  };
  const done = actions.filter(isDone).length;
  if (subResponses.length !== actions.length || done !== actions.length)
    throw new Error(
      `Storage said of ${done} of ${actions.length} actions that they were done: read back what was written.`,
    );
  return subResponses[0]?.etag;
}

/** The same; `false`: one of the rows exists already, and nothing was written. */
export async function createOnce(table: TableClient, actions: TransactionAction[]): Promise<boolean> {
  try {
    await transact(table, actions);
    return true;
  } catch (error) {
    if (statusOf(error) === 409) return false;
    throw error;
  }
}
