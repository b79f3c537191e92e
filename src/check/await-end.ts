import type { LimitWaits } from './limit-waits.ts';
import type { CheckStore } from './ports/check-store.ts';
import { type Check, hasEnded } from './state/check.ts';

export interface WaitDeps {
  readonly store: CheckStore;
  readonly limitWaits: LimitWaits;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => Date;
}

export interface Awaited {
  /** As it was seen last. */
  readonly check: Check;
  /** `false`: nothing was waited for, because as many answers as may be are held for this requester already. */
  readonly held: boolean;
}

/** Waits until the check has ended, or the time is over, for as many of a requester's requests at once as may wait. */
export async function awaitEnd(deps: WaitDeps, requesterId: string, check: Check, seconds: number): Promise<Awaited> {
  const ended = await deps.limitWaits(requesterId, () => lookUntilEnd(deps, check, seconds));
  return ended ? { check: ended, held: true } : { check, held: false };
}

const FIRST_LOOK_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 1000;

/** Closely at first, for a check that Azure answers at once; a check that takes a minute can be seen a second late. */
async function lookUntilEnd(deps: WaitDeps, check: Check, seconds: number): Promise<Check> {
  const until = deps.now().getTime() + seconds * 1000;
  let newest = check;
  let pause = FIRST_LOOK_MILLISECONDS;
  while (!hasEnded(newest) && deps.now().getTime() < until) {
    await deps.sleep(Math.min(pause, Math.max(1, until - deps.now().getTime())));
    newest = (await deps.store.find(check.id))?.check ?? newest;
    pause = Math.min(pause * 1.25, LONGEST_PAUSE_MILLISECONDS);
  }
  return newest;
}
