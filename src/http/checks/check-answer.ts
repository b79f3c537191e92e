import { type Check, hasEnded } from '../../check/state/check.ts';
import { secondsUntil } from '../../check/state/schedule.ts';

export interface Links {
  readonly check: string;
  readonly result: string;
}

/** Links start with the configured address; the Host header is the caller's word. */
export const linksOf = (publicUrl: string, id: string): Links => ({
  check: `${publicUrl}/api/checks/${id}`,
  result: `${publicUrl}/api/checks/${id}/result`,
});

const MAX_RETRY_SECONDS = 30;

/** When looking again can be worth it; nothing where the check has ended. */
export function retryAfterSeconds(check: Check, now: Date): number | undefined {
  if (hasEnded(check)) return undefined;
  return Math.min(MAX_RETRY_SECONDS, Math.max(1, secondsUntil(now, new Date(check.dueAt))));
}

/** The same as a header. */
export function retryAfter(check: Check, now: Date): Record<string, string> {
  const seconds = retryAfterSeconds(check, now);
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}
