import { secondsAfter } from '../../contract/time.ts';
import type { Failure, Retry } from '../ports/network-watcher.ts';
import type { OpenCheck } from './check.ts';
import { failureAdvice } from './failure-advice.ts';
import { storageTrouble } from './retry-rules.ts';

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

/** To rely on an equal check takes nothing of the time in which a check is to be accepted by Azure itself. */
export function deadlineOf(check: OpenCheck, { queueSeconds, checkSeconds }: Deadlines): Date {
  const seconds = check.status === 'Running' ? checkSeconds : queueSeconds + (check.waited ?? 0);
  return secondsAfter(deadlineStart(check), seconds);
}

/** An accepted operation is asked for once more past its deadline, where that may be done within this time. */
const LAST_POLL_SECONDS = 60;

/** Whether a step past the check's deadline is to ask Azure once more, now or soon. */
export function hasLastPoll(check: OpenCheck, now: Date): boolean {
  return check.status === 'Running' && new Date(check.notBefore ?? check.dueAt) <= secondsAfter(now, LAST_POLL_SECONDS);
}

/** A step that comes later than this was the proxy's own delay. */
const LATE_SECONDS = 60;

/** What a check ends with past its deadline; `late`: for so many seconds before, the proxy did nothing about it. */
export function deadlineFailure(check: OpenCheck, { queueSeconds, checkSeconds }: Deadlines, late = 0): Failure {
  const said = check.lastError === undefined ? '' : ` The last trouble was: ${check.lastError}`;
  const isRunning = check.status === 'Running';
  const [kept, missed] = isRunning
    ? [`No result was in ${checkSeconds} s after Azure accepted the check.`, 'ask Azure for the result']
    : [`The check was not accepted by Azure within ${queueSeconds} s.`, 'hand the check to Azure'];
  const message =
    late > LATE_SECONDS
      ? `The proxy did not ${missed} in time: it did nothing about the check for ${Math.round(late)} s.`
      : kept;
  return { code: 'DeadlineExceeded', message: message + said, advice: failureAdvice.DeadlineExceeded };
}

const MAX_BACK_OFF_SECONDS = 30;

/** Our own wait where ARM told none: full jitter on 1, 2, 4 … 30 s or as long as is said, so that checks that failed together do not return together. */
export function backOffSeconds(retries: number, random: () => number, longest = MAX_BACK_OFF_SECONDS): number {
  return random() * Math.min(longest, 2 ** Math.min(retries, 10));
}

/** How much later a step is sent again that storage did not let through, in whole seconds: by chance, so that steps spread. */
export function againSeconds(random: () => number): number {
  const [least, most] = storageTrouble.stepSeconds;
  return Math.ceil(least + (most - least) * random());
}

/** Since when POSTs have met trouble, before the next one in so many seconds: a wait for another reason does not count. */
export function troubleSince(now: Date, check: OpenCheck, again: Retry, seconds: number): Date | undefined {
  const since = check.troubleSince === undefined ? undefined : new Date(check.troubleSince);
  if (again.forSeconds !== undefined) return since ?? now;
  return since && secondsAfter(since, seconds);
}

export const later = (a: Date, b: Date): Date => (a.getTime() >= b.getTime() ? a : b);

/** Whole seconds from now until then, rounded up: what a queue or a Retry-After header can carry. */
export const secondsUntil = (now: Date, then: Date): number =>
  Math.max(0, Math.ceil((then.getTime() - now.getTime()) / 1000));
