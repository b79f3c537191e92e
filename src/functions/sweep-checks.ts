import type { TimerHandler } from '@azure/functions';
import { sweep, type SweepDeps } from '../check/sweep.ts';
import { logOf } from './log.ts';

/** The timer that wakes what should have moved. */
export function sweepChecks(deps: SweepDeps): TimerHandler {
  return async (_timer, context) => {
    const woken = await sweep(deps);
    if (woken > 0) logOf(context).warn('Overdue checks were queued again.', { count: woken });
  };
}
