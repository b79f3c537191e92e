import type { CheckQueue } from './check-queue.ts';
import type { Pauses } from './pauses.ts';
import type { OverdueChecks } from './overdue.ts';

export interface SweepDeps {
  readonly overdue: OverdueChecks;
  readonly queue: CheckQueue;
  readonly paused: boolean;
  readonly pauses: Pauses;
  readonly now: () => Date;
}

/** One run's bound: what is left is there for the next run, a minute later. */
const MOST_PER_RUN = 5000;

/** Wakes the worker for every open check that should have moved and has not; answers how many. A pause is noted instead. */
export async function sweep(deps: SweepDeps): Promise<number> {
  if (deps.paused) {
    await deps.pauses.note(deps.now());
    return 0;
  }
  let woken = 0;
  for await (const checkId of deps.overdue.claim(deps.now(), MOST_PER_RUN)) {
    await deps.queue.send(checkId, 0);
    woken++;
  }
  return woken;
}
