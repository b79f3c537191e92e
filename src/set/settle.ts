import type { AuditLog } from '../audit/audit-log.ts';
import { type AuditEvent, isEventTime } from '../audit/event.ts';
import type { Listeners } from '../check/ports/listeners.ts';
import { secondsUntil } from '../check/state/schedule.ts';
import { secondsAfter } from '../contract/time.ts';
import type { SetQueue } from './ports/set-queue.ts';
import type { SetStore, StoredSet } from './ports/set-store.ts';
import { type CheckSet, isRunning, isWaiting } from './state/set.ts';

export interface SettleDeps {
  readonly sets: SetStore;
  readonly setQueue: SetQueue;
  readonly audit: AuditLog;
  /** Whom the end of a set is told to. */
  readonly setListeners: Listeners;
  readonly now: () => Date;
}

/** When to look whether a set has ended that somebody is to be told of, and of which nothing waits any more. */
const LOOK_SECONDS = 15;

/**
 * Sees to it that what is due is told, writes when a set goes on, or that no step is to come, and wakes the next. The row
 * first, then the message: after a crash in between the sweeper sends it. `false`: another step was first, and this one
 * wrote nothing.
 */
export async function settle(deps: SettleDeps, stored: StoredSet, afterSeconds: number): Promise<boolean> {
  const told = await tell(deps, stored);
  const waiting = stored.members.filter(isWaiting).length;
  const dueAt = secondsAfter(deps.now(), waiting > 0 ? afterSeconds : LOOK_SECONDS);
  const next = { ...told, dueAt: dueAt.toISOString(), open: waiting > 0 || told.awaited === true };
  if (!(await deps.sets.replace(stored, next, waiting))) return false;
  if (next.open) await deps.setQueue.send(next.id, secondsUntil(deps.now(), dueAt));
  return true;
}

/**
 * Whether an event says what became of the set's callback. A row is not proven, and whoever can write one is to bring no
 * other event by it: a `requested` one would have a check run that nobody was accepted for.
 */
const isOwn = ({ caller }: CheckSet, { action, checkId, requester, time }: AuditEvent): boolean =>
  action === 'exported' && checkId === undefined && requester.id === caller.requester.id && isEventTime(time);

/** Can be done again. */
async function tell(deps: SettleDeps, { set, members }: StoredSet): Promise<CheckSet> {
  if (set.pendingEvent && isOwn(set, set.pendingEvent)) await deps.audit.record(set.pendingEvent);
  const published = { ...set, pendingEvent: undefined };
  if (!published.awaited || members.some(isRunning)) return published;
  await deps.setListeners.wake(set.id);
  return { ...published, awaited: undefined, endedAt: deps.now().toISOString() };
}
