import { type AccessDeps, recordAccess } from '../audit/record-access.ts';
import { isOwnSet } from './is-own-set.ts';
import type { LimitWaits } from '../check/limit-waits.ts';
import { mayReadAll } from '../check/sight/sight.ts';
import type { Actor } from '../contract/actor.ts';
import { Problem } from '../contract/problem.ts';
import type { SetStore, StoredSet } from './ports/set-store.ts';
import { isRunning } from './state/set.ts';

export interface ReadSetDeps extends AccessDeps {
  readonly sets: SetStore;
}

/** What is not there and what is not theirs are the same to a caller. */
export const noSuchSet = (): Problem =>
  new Problem('NotFound', 'There is no set of that id or name, or it is not yours.');

/**
 * A set that the actor may see: its requester, and who has `Audit.Read`, which is audited first. Throws `NotFound`,
 * `AuditUnavailable`, `StorageUnavailable`.
 */
export async function readSet(
  deps: ReadSetDeps,
  actor: Actor,
  setId: string,
  resource = `/api/sets/${setId}`,
): Promise<StoredSet> {
  const stored = await deps.sets.find(setId);
  if (!stored) throw noSuchSet();
  if (isOwnSet(actor.caller, stored.set)) return stored;
  if (!mayReadAll(actor.caller)) throw noSuchSet();
  await recordAccess(deps, actor, { action: 'read', resource });
  return stored;
}

export const hasSetEnded = ({ members }: StoredSet): boolean => !members.some(isRunning);

export interface AwaitSetDeps {
  readonly sets: Pick<SetStore, 'find'>;
  readonly limitWaits: LimitWaits;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => Date;
}

export interface AwaitedSet {
  /** As it was seen last. */
  readonly stored: StoredSet;
  /** `false`: nothing was waited for, because as many answers as may be are held for this requester already. */
  readonly held: boolean;
}

/** Waits until the set has ended, or the time is over, for as many of a requester's requests at once as may wait. */
export async function awaitSet(
  deps: AwaitSetDeps,
  requesterId: string,
  stored: StoredSet,
  seconds: number,
): Promise<AwaitedSet> {
  const seen = await deps.limitWaits(requesterId, () => lookUntilEnd(deps, stored, seconds));
  return seen ? { stored: seen, held: true } : { stored, held: false };
}

const FIRST_PAUSE_MILLISECONDS = 250;
/** All of a set is read at each look, which is much: it can be seen that much later that it has ended. */
const LONGEST_PAUSE_MILLISECONDS = 2000;

async function lookUntilEnd(
  { sets, sleep, now }: AwaitSetDeps,
  stored: StoredSet,
  seconds: number,
): Promise<StoredSet> {
  const until = now().getTime() + seconds * 1000;
  let newest = stored;
  let pause = FIRST_PAUSE_MILLISECONDS;
  while (!hasSetEnded(newest) && now().getTime() < until) {
    await sleep(Math.min(pause, Math.max(1, until - now().getTime())));
    newest = (await sets.find(stored.set.id)) ?? newest;
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLISECONDS);
  }
  return newest;
}
