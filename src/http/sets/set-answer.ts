import { hasSetEnded } from '../../set/read.ts';
import type { StoredSet } from '../../set/ports/set-store.ts';

/** When looking again can be worth it. */
const RETRY_SECONDS = 5;

export const retryAfterOf = (stored: StoredSet): Record<string, string> =>
  hasSetEnded(stored) ? {} : { 'retry-after': String(RETRY_SECONDS) };
