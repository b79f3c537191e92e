import { type Check, hasEnded } from '../check/check.ts';
import { secondsUntil } from '../check/schedule.ts';
import { withoutHeaderValues } from '../check/transition.ts';
import type { CheckView } from '../contract/check.ts';

/** A check as its reader sees it; `answer` is ARM's own, as it came. */
export function viewOf(check: Check, answer?: string): CheckView {
  const { id, status, caller, reason, networkWatcher, createdAt } = check;
  return {
    id,
    status,
    requester: caller.requester,
    request: withoutHeaderValues(check.request),
    ...(reason === undefined ? {} : { reason }),
    ...(networkWatcher === undefined ? {} : { networkWatcher }),
    createdAt,
    ...('startedAt' in check && check.startedAt !== undefined ? { startedAt: check.startedAt } : {}),
    ...('finishedAt' in check ? { finishedAt: check.finishedAt } : {}),
    ...(check.status === 'Succeeded' && answer !== undefined ? { result: JSON.parse(answer) } : {}),
    ...(check.status === 'Succeeded' ? { verdict: check.verdict } : {}),
    ...(check.status === 'Failed' ? { error: check.error } : {}),
  };
}

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
export function retryAfter(check: Check, now: Date): Record<string, string> {
  if (hasEnded(check)) return {};
  return { 'retry-after': String(Math.min(MAX_RETRY_SECONDS, Math.max(1, secondsUntil(now, new Date(check.dueAt))))) };
}
