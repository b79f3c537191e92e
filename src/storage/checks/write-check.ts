import type { TableClient, TransactionAction } from '@azure/data-tables';
import type { Check } from '../../check/state/check.ts';
import { readCheckRow } from './check-row.ts';
import { transactPastGone } from '../guards/transact-past-gone.ts';
import { isLostRace } from '../table/unavailable.ts';

/**
 * One transaction that writes a check's row, by the first of `actions`, under `writeId`. Answers the row's new version,
 * or `undefined` where another write was first. An error, or an answer that was cut short, says nothing of what was
 * written: only the row knows.
 * docs/decisions.md#a-write-whose-answer-was-lost-is-recognised
 */
export async function writeCheck(
  table: TableClient,
  check: Check,
  writeId: string,
  actions: TransactionAction[],
): Promise<string | undefined> {
  const written = async (): Promise<string | undefined> => {
    const row = await readCheckRow(table, check.id);
    return row?.writeId === writeId ? row.version : undefined;
  };
  try {
    return (await transactPastGone(table, actions)) ?? (await written());
  } catch (error) {
    const version = await written();
    if (version === undefined && !isLostRace(error)) throw error;
    return version;
  }
}
