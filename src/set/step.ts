import { secondsAfter } from '../contract/time.ts';
import { deadlineOf, giveTurns, LEASE_SECONDS, type TurnDeps, type Turns } from './give-turns.ts';
import type { StoredSet } from './ports/set-store.ts';
import { isWaiting } from './state/set.ts';

export interface StepSetDeps extends TurnDeps {
  readonly paused: boolean;
}

/** What a step came to, for the log line. */
export type SetStepOutcome = 'unknown' | 'over' | 'paused' | 'early' | Turns['outcome'];

/** Clocks differ, and a queue counts in whole seconds. */
const EARLY_SECONDS = 5;

/**
 * Moves one set by one step: gives turns to members that wait. It can be run again, or go on elsewhere, at any point: all
 * it knows is in the rows. Throws `StorageUnavailable` and `AuditUnavailable`.
 */
export async function stepSet(deps: StepSetDeps, setId: string): Promise<SetStepOutcome> {
  const found = await deps.sets.find(setId, 'forged');
  if (!found) return 'unknown';
  const stored = found.unsigned ? withoutOutbox(found) : found;
  if (!stored.set.open) return 'over';
  if (deps.paused) return 'paused';
  // Past its deadline it waits for nothing: a row can say any time.
  const due = earlier(new Date(stored.set.dueAt), deadlineOf(deps, stored));
  if (secondsAfter(deps.now(), EARLY_SECONDS) < due) return 'early';
  const mine = await claim(deps, stored);
  return mine ? (await giveTurns(deps, mine)).outcome : 'busy';
}

const earlier = (a: Date, b: Date): Date => (a.getTime() < b.getTime() ? a : b);

/** What nobody asked for brings no event, and nobody is told of its end. */
const withoutOutbox = ({ set, ...stored }: StoredSet): StoredSet => ({
  ...stored,
  set: { ...set, pendingEvent: undefined, awaited: undefined },
});

/** While it is this step's, no other gives turns: each would take the same sources for free. */
async function claim(deps: StepSetDeps, stored: StoredSet): Promise<StoredSet | undefined> {
  const dueAt = secondsAfter(deps.now(), LEASE_SECONDS).toISOString();
  return deps.sets.replace(stored, { ...stored.set, dueAt }, stored.members.filter(isWaiting).length);
}
