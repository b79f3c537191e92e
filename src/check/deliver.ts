import type { AuditLog } from '../audit/audit-log.ts';
import type { Check } from './check.ts';
import type { CheckStore, Stored } from './check-store.ts';
import { delivered } from './transition.ts';

/** Brings the event of the last transition into the log, where it is not known to be there. The row is not written. */
export async function deliver<C extends Check>(deps: { audit: AuditLog }, stored: Stored<C>): Promise<Stored<C>> {
  const { check, version } = stored;
  if (!check.undelivered) return stored;
  await deps.audit.append({ sequence: check.audited, event: check.undelivered });
  return { check: delivered(check), version };
}

/** Delivers the last event of a check that has ended and closes it: nothing will look at it again unasked. */
export async function close(deps: { audit: AuditLog; store: CheckStore }, stored: Stored): Promise<void> {
  if (!stored.check.undelivered) return;
  const { check } = await deliver(deps, stored);
  await deps.store.replace(stored, check);
}
