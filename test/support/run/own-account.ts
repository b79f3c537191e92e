import { expect, inject } from 'vitest';
import { accountName, ACCOUNTS_PER_FILE } from './account-name.ts';

const taken = new Map<string, number>();

/** Connection string of a storage account in the run's Azurite that nobody else uses: the app's tables have fixed names. */
export function ownAccount(): string {
  const { testPath = '' } = expect.getState();
  const turn = taken.get(testPath) ?? 0;
  if (turn === ACCOUNTS_PER_FILE)
    throw new Error(`${testPath} has taken its ${turn} accounts: raise ACCOUNTS_PER_FILE.`);
  taken.set(testPath, turn + 1);
  const connectionString = inject('azurite');
  const shared = /AccountName=(\w+)/.exec(connectionString)?.[1] ?? '';
  return connectionString.replaceAll(shared, accountName(inject('testFiles').indexOf(testPath), turn));
}
