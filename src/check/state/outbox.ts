import type { AuditLog } from '../../audit/audit-log.ts';
import { type Check, isOpen } from './check.ts';
import type { CheckStore, Stored } from '../ports/check-store.ts';
import type { Listeners } from '../ports/listeners.ts';
import { published } from './transition.ts';

// A check's row is the outbox of its audit events: a transition and its event are one write, and the event goes from the
// row to the log afterwards.

/**
 * Brings the event of the last transition into the log, where it is not known to be there. The row is not written.
 * docs/decisions.md#the-row-is-the-outbox
 */
export async function publishPending<C extends Check>(
  deps: { audit: AuditLog },
  stored: Stored<C>,
): Promise<Stored<C>> {
  const { check } = stored;
  if (!check.pendingEvent) return stored;
  // The first event is written before the row: one that a row brings is forged, and would be the proof of the row itself.
  if (check.audited > 1) await deps.audit.append({ sequence: check.audited, event: check.pendingEvent });
  return { ...stored, check: published(check) };
}

/**
 * Delivers the last event of a check that has ended, sees to it that whoever awaits the end is going to be told, and
 * closes it: nothing will look at it again unasked.
 * docs/decisions.md#a-check-stays-open-until-its-notices-are-due
 */
export async function publishAndClose(deps: CloseDeps, stored: Stored): Promise<void> {
  if (!isOpen(stored.check)) return;
  const { check } = await publishPending(deps, stored);
  if (check.awaited) await deps.listeners.wake(check.id);
  await deps.store.replace(stored, { ...check, awaited: undefined });
}

export interface CloseDeps {
  readonly audit: AuditLog;
  readonly store: CheckStore;
  readonly listeners: Listeners;
}
