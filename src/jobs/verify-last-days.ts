import type { TimerHandler } from '@azure/functions';
import { verify, type VerifyDeps } from '../audit/verify/verify.ts';
import { DAY_MILLISECONDS } from '../contract/time.ts';
import { reportVerification } from '../log/report-verification.ts';
import { describe, logOf } from '../log/log.ts';

/** Each day is verified twice, so that a run that was missed is made up for. */
const DAYS = 2;

/**
 * The timer that holds the last whole days (UTC) to their checkpoints, so that the alert on faults waits for nobody to
 * ask. Days are verified one by one: what is too much or too broken to verify in one costs the other nothing.
 */
export function verifyLastDays(deps: VerifyDeps & { readonly now: () => Date }): TimerHandler {
  return async (_timer, context) => {
    const today = Math.floor(deps.now().getTime() / DAY_MILLISECONDS) * DAY_MILLISECONDS;
    for (let ago = DAYS; ago > 0; ago--) {
      const from = new Date(today - ago * DAY_MILLISECONDS);
      const log = logOf(context, { day: from.toISOString().slice(0, 10) });
      try {
        reportVerification(log, await verify(deps, { from, to: new Date(from.getTime() + DAY_MILLISECONDS) }));
      } catch (error) {
        log.error('audit not verified', { cause: describe(error) });
      }
    }
  };
}
