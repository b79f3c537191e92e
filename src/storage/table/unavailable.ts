import { RestError } from '@azure/data-tables';
import { anotherWasFirst, storageTrouble } from '../../check/state/retry-rules.ts';
import { Problem } from '../../contract/problem.ts';

/** The HTTP status of a refusal by Azure Storage; `undefined` where no answer came, or the error is not its. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

/** Another writer was first: what it wrote stands. */
export const isLostRace = (error: unknown): boolean => anotherWasFirst.includes(statusOf(error) ?? 0);

/** Whether another writer was first, and nothing was written. */
export async function isLost(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return false;
  } catch (error) {
    if (isLostRace(error)) return true;
    throw error;
  }
}

const messages = {
  AuditUnavailable: 'The audit cannot be reached now, and nothing goes on without it. Ask again in a few seconds.',
  StorageUnavailable: 'Storage cannot be reached now. Ask again in a few seconds.',
} as const;

/** Runs a storage operation; what it could not do becomes a Problem whose cause is for the log, not for the caller. */
export async function orUnavailable<T>(
  code: 'StorageUnavailable' | 'AuditUnavailable',
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(code, messages[code], {
      retryAfterSeconds: storageTrouble.callerSeconds,
      cause: error,
    });
  }
}
