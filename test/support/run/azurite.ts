import type { TestProject } from 'vitest/node';
import { startAzurite } from '../../../stand-ins/storage/azurite.ts';
import { accountName, ACCOUNTS_PER_FILE } from './account-name.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the run's own Azurite, for whoever has tables and queues of names of its own. */
    azurite: string;
    /** Paths of all test files. Each has accounts in that Azurite, named by its place here. */
    testFiles: readonly string[];
  }
}

/** One Azurite, in memory, for the whole run. */
export default async function startSharedAzurite(project: TestProject): Promise<() => Promise<void>> {
  const { testFiles } = await project.globTestFiles();
  const turns = Array.from({ length: ACCOUNTS_PER_FILE }, (_, turn) => turn);
  const azurite = await startAzurite({
    moreAccounts: testFiles.flatMap((_, file) => turns.map((turn) => accountName(file, turn))),
  });
  project.provide('azurite', azurite.connectionString);
  project.provide('testFiles', testFiles);
  return () => azurite.stop();
}
