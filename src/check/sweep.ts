import { secondsAfter } from '../contract/time.ts';
import type { CheckQueue } from './ports/check-queue.ts';
import type { OverdueChecks } from './ports/overdue-checks.ts';
import type { Pauses } from './ports/pauses.ts';
import { overdueBefore } from './overdue.ts';

export interface SweepDeps {
  readonly overdue: OverdueChecks;
  readonly queue: CheckQueue;
  readonly paused: boolean;
  readonly pauses: Pauses;
  readonly now: () => Date;
  /** A marker whose check is not there was removed. */
  readonly tellStray?: (checkId: string) => void;
}

/** One run's bound: what is left is there for the next run, a minute later. */
const MOST_PER_RUN = 5000;

/** Wakes the worker for every open check that should have moved and has not; answers how many. A pause is noted instead. */
export async function sweep(deps: SweepDeps, most = MOST_PER_RUN): Promise<number> {
  if (deps.paused) {
    await deps.pauses.note(deps.now());
    return 0;
  }
  let woken = 0;
  const wakeAll = async (checkIds: AsyncIterable<string>): Promise<void> => {
    for await (const checkId of checkIds) {
      woken++;
      await deps.queue.send(checkId, 0);
      // Before the next is claimed: what is claimed and not sent would wait for its next turn.
      if (woken >= most) return;
    }
  };
  const streams = await Promise.allSettled(deps.overdue.claim(deps.now(), deps.tellStray).map(wakeAll));
  const failed = streams.find((stream) => stream.status === 'rejected');
  if (failed) throw failed.reason;
  return woken;
}

const FIRST_INTERVAL_SECONDS = 60;
const MAX_INTERVAL_SECONDS = 1800;

/**
 * What is kept as due for a check that is woken now and was woken so many times before: if nothing moves it, it is
 * overdue again after 1, 2, 4 … 30 minutes.
 */
export function nextSweepDue(now: Date, sweeps: number): Date {
  const interval = Math.min(MAX_INTERVAL_SECONDS, FIRST_INTERVAL_SECONDS * 2 ** Math.min(sweeps, 10));
  return secondsAfter(overdueBefore(now), interval);
}
