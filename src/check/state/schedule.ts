import { secondsAfter } from '../../contract/time.ts';
import type { Failure } from '../ports/network-watcher.ts';
import type { OpenCheck } from './check.ts';
import { failureAdvice } from './failure-advice.ts';

/** How long a check may take; both are computed from stored times, so that a changed setting holds at once. */
export interface Deadlines {
  /** From its creation until ARM accepts it. */
  readonly queueSeconds: number;
  /** From then until ARM has its answer. */
  readonly checkSeconds: number;
}

/** When the time of the check's present deadline began. */
export const deadlineStart = (check: OpenCheck): Date =>
  new Date(check.status === 'Running' ? check.startedAt : check.createdAt);

export function deadlineOf(check: OpenCheck, { queueSeconds, checkSeconds }: Deadlines): Date {
  return secondsAfter(deadlineStart(check), check.status === 'Running' ? checkSeconds : queueSeconds);
}

/** What a check ends with past its deadline. Whether Azure has a result by now is not known, so it is not said. */
export function deadlineFailure(check: OpenCheck, { queueSeconds, checkSeconds }: Deadlines): Failure {
  const said = check.lastError === undefined ? '' : ` The last trouble was: ${check.lastError}`;
  const message =
    check.status === 'Running'
      ? `No result was in ${checkSeconds} s after Azure accepted the check.`
      : `The check was not accepted by Azure within ${queueSeconds} s.`;
  return { code: 'DeadlineExceeded', message: message + said, advice: failureAdvice.DeadlineExceeded };
}

const MAX_BACK_OFF_SECONDS = 30;

/** Our own wait where ARM told none: full jitter on 1, 2, 4 … 30 s, so that checks that failed together do not return together. */
export function backOffSeconds(retries: number, random: () => number): number {
  return random() * Math.min(MAX_BACK_OFF_SECONDS, 2 ** Math.min(retries, 10));
}

export const earlier = (a: Date, b: Date): Date => (a.getTime() <= b.getTime() ? a : b);

/** Whole seconds from now until then, rounded up: what a queue or a Retry-After header can carry. */
export const secondsUntil = (now: Date, then: Date): number =>
  Math.max(0, Math.ceil((then.getTime() - now.getTime()) / 1000));
