import type { AuditLog } from '../audit/audit-log.ts';
import { hasEnded } from './check.ts';
import type { CheckStore } from './check-store.ts';
import { close, deliver } from './deliver.ts';
import type { EventDeps } from './event-of.ts';
import { failed } from './transition.ts';

export interface GiveUpDeps extends EventDeps {
  readonly store: CheckStore;
  readonly audit: AuditLog;
}

/**
 * Ends a check whose step broke down again and again. `false`: there was nothing to end. Where another worker moves it
 * meanwhile, that worker is right.
 */
export async function giveUp(deps: GiveUpDeps, checkId: string): Promise<boolean> {
  const found = await deps.store.find(checkId);
  if (!found) return false;
  const { check, version } = await deliver(deps, found);
  if (hasEnded(check)) {
    await close(deps, found);
    return false;
  }
  const message =
    'The proxy broke down on this check several times and gave it up. Ask again; if it happens again, tell its operators the id.';
  const written = await deps.store.replace({ check, version }, failed(deps, check, { code: 'Poisoned', message }));
  if (!written) return false;
  await close(deps, written);
  return true;
}
