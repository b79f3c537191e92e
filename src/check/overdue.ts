import { secondsAfter } from '../contract/time.ts';

/** A message that is on its way needs a moment: only what is overdue by this much is woken. */
const GRACE_SECONDS = 30;

/** A check that was due before then should have moved. */
export const overdueBefore = (now: Date): Date => secondsAfter(now, -GRACE_SECONDS);
