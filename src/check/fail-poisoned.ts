import type { AuditLog } from '../audit/audit-log.ts';
import { hasEnded } from './state/check.ts';
import type { CheckStore } from './ports/check-store.ts';
import { publishAndClose, publishPending } from './state/outbox.ts';
import type { EventDeps } from './state/event-of.ts';
import { failureAdvice } from './state/failure-advice.ts';
import { failed } from './state/transition.ts';

export interface FailPoisonedDeps extends EventDeps {
  readonly store: CheckStore;
  readonly audit: AuditLog;
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
  const message = 'The proxy broke down on this check several times and gave it up.';
  const failure = { code: 'Poisoned', message, advice: failureAdvice.Poisoned } as const;
  const written = await deps.store.replace({ check, version }, failed(deps, check, failure));
  if (!written) return false;
  await publishAndClose(deps, written);
  return true;
}
