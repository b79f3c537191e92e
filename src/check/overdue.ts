import { secondsAfter } from '../contract/time.ts';

/** A message that is on its way needs a moment: only what is overdue by this much is woken. */
const GRACE_SECONDS = 30;
const FIRST_INTERVAL_SECONDS = 60;
const MAX_INTERVAL_SECONDS = 1800;

/** A check that was due before then should have moved. */
export const overdueBefore = (now: Date): Date => secondsAfter(now, -GRACE_SECONDS);

/**
 * What is kept as due for a check that is woken now and was woken so many times before: if nothing moves it, it is
 * overdue again after 1, 2, 4 … 30 minutes.
 */
export function nextSweepDue(now: Date, sweeps: number): Date {
  const interval = Math.min(MAX_INTERVAL_SECONDS, FIRST_INTERVAL_SECONDS * 2 ** Math.min(sweeps, 10));
  return secondsAfter(overdueBefore(now), interval);
}
