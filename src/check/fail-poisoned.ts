import { secondsAfter } from '../contract/time.ts';
import type { Pauses } from './ports/pauses.ts';
import { hasEnded, type OpenCheck } from './state/check.ts';
import { endCheck, type EndDeps } from './state/end-check.ts';
import { publishAndClose, publishPending } from './state/outbox.ts';
import type { EventDeps } from './state/event-of.ts';
import { failureAdvice } from './state/failure-advice.ts';
import { failed, LEASE_SECONDS } from './state/transition.ts';

export interface FailPoisonedDeps extends EventDeps, EndDeps {
  readonly paused: boolean;
  readonly pauses: Pauses;
}

/**
 * Ends a check whose step broke down again and again. `false`: there was nothing to end. Where another worker moves it
 * meanwhile, that worker is right.
 */
export async function failPoisoned(deps: FailPoisonedDeps, checkId: string): Promise<boolean> {
  const found = await deps.store.find(checkId);
  if (!found) return false;
  const { check, version } = await publishPending(deps, found);
  if (hasEnded(check)) {
    await publishAndClose(deps, found);
    return false;
  }
  if (!(await isStuck(deps, check))) return false;
  const message = 'The proxy broke down on this check several times and gave it up.';
  const failure = { code: 'Poisoned', message, advice: failureAdvice.Poisoned } as const;
  const ended = await endCheck(deps, { check, version }, failed(deps, check, failure));
  return ended !== undefined;
}

/**
 * Whether its row says, too, that nothing moves it: the host's five attempts take longer than a lease. A message says
 * nothing, for anybody who may write to the queue can have sent it, and of a paused check nobody takes steps.
 * docs/decisions.md#a-poison-message-ends-only-what-stands-still
 */
async function isStuck({ paused, pauses, now }: FailPoisonedDeps, { dueAt }: OpenCheck): Promise<boolean> {
  const stuckAt = secondsAfter(new Date(dueAt), LEASE_SECONDS);
  if (paused || now() < stuckAt) return false;
  return now() >= secondsAfter(stuckAt, await pauses.secondsBetween(new Date(dueAt), now()));
}
