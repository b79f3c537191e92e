import { setTimeout } from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal; never longer than Node's timers reach (24 days). */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(Math.min(milliseconds, 2 ** 31 - 1), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
