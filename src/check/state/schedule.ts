import { secondsAfter } from '../../contract/time.ts';
import type { OpenCheck } from './check.ts';

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

export function deadlineMessage(check: OpenCheck, deadlines: Deadlines): string {
  const said = check.lastError === undefined ? '' : ` The last trouble was: ${check.lastError}`;
  return check.status === 'Running'
    ? `Azure did not answer within ${deadlines.checkSeconds} s of accepting the check. Ask again; if it stays so, look at the source's Network Watcher agent.${said}`
    : `Azure did not accept the check within ${deadlines.queueSeconds} s. Ask again later.${said}`;
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
