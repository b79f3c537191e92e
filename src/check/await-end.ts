import type { LimitWaits } from './limit-waits.ts';
import type { CheckStore } from './ports/check-store.ts';
import { type Check, hasEnded } from './state/check.ts';

export interface WaitDeps {
  readonly store: CheckStore;
  readonly limitWaits: LimitWaits;
  readonly looks: Looks;
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

/** Checks whose end somebody waits for here, by id: all who wait for one see what one of them reads. */
export type Looks = Map<string, Look>;

interface Look {
  waiting: number;
  /** How long what was seen last is new enough. */
  pause: number;
  seenAt: number;
  seen: Promise<Check>;
}

const FIRST_PAUSE_MILLISECONDS = 50;
const LONGEST_PAUSE_MILLISECONDS = 1000;

/** Closely at first, for a check that Azure answers at once; a check that takes a minute can be seen a second late. */
async function lookUntilEnd(deps: WaitDeps, check: Check, seconds: number): Promise<Check> {
  const { looks, now } = deps;
  const time = (): number => now().getTime();
  const until = time() + seconds * 1000;
  const seen = Promise.resolve(check);
  const look = looks.get(check.id) ?? { waiting: 0, pause: FIRST_PAUSE_MILLISECONDS, seenAt: time(), seen };
  looks.set(check.id, look);
  look.waiting++;
  try {
    let newest = check;
    while (!hasEnded(newest) && time() < until) {
      const next = Math.min(look.seenAt + look.pause, until);
      await deps.sleep(Math.max(1, next - time()));
      newest = await sharedLook(deps, look, newest);
    }
    return newest;
  } finally {
    look.waiting--;
    if (look.waiting === 0) looks.delete(check.id);
  }
}

/** What somebody has just seen, or sees just now; else a look of one's own, for all. */
async function sharedLook({ store, now }: WaitDeps, look: Look, check: Check): Promise<Check> {
  if (now().getTime() >= look.seenAt + look.pause) {
    look.seenAt = now().getTime();
    look.pause = Math.min(look.pause * 1.25, LONGEST_PAUSE_MILLISECONDS);
    look.seen = store.find(check.id).then((found) => found?.check ?? check);
  }
  return look.seen;
}
