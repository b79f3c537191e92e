import { hasEnded } from './state/check.ts';
import { endCheck, type EndDeps } from './state/end-check.ts';
import { publishAndClose, publishPending } from './state/outbox.ts';
import type { EventDeps } from './state/event-of.ts';
import { failureAdvice } from './state/failure-advice.ts';
import { failed } from './state/transition.ts';

export type FailPoisonedDeps = EventDeps & EndDeps;

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
  const message = 'The proxy broke down on this check several times and gave it up.';
  const failure = { code: 'Poisoned', message, advice: failureAdvice.Poisoned } as const;
  const ended = await endCheck(deps, { check, version }, failed(deps, check, failure));
  return ended !== undefined;
}
