import type { TestProject } from 'vitest/node';
import { startAzurite } from '../../stand-ins/storage/azurite.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the run's own Azurite. */
    azurite: string;
  }
}

/** One Azurite, in memory, for the whole run; each test uses tables and queues of its own names. */
export default async function startSharedAzurite(project: TestProject): Promise<() => Promise<void>> {
  const azurite = await startAzurite({});
  project.provide('azurite', azurite.connectionString);
  return () => azurite.stop();
}
