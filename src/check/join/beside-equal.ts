import { isOperationUrl } from '../../arm/is-operation-url.ts';
import { type PassOverDeps, unlessGarbled } from '../../contract/rows/not-as-written.ts';
import { secondsAfter } from '../../contract/time.ts';
import type { CheckStore } from '../ports/check-store.ts';
import type { Run, Runs } from '../ports/runs.ts';
import { type Check, hasEnded, type OpenCheck, type WaitingCheck } from '../state/check.ts';
import type { EventDeps } from '../state/event-of.ts';
import { later } from '../state/schedule.ts';
import { joined } from '../state/transition.ts';
import { askTheSame, joinKeyOf } from './join-key.ts';

export interface JoinDeps extends EventDeps, PassOverDeps {
  readonly store: CheckStore;
  readonly runs: Runs;
}

/** What a check does in place of a POST of its own, and when it goes on. */
export interface BesideEqual {
  readonly check: OpenCheck;
  readonly due: Date;
}

/** Whoever mends something and asks again gets a new measurement. */
const JOINED_WITHIN_SECONDS = 5;

/** A note from further in the future is of a clock that is ahead: nobody can say when that POST was. */
const MOST_AHEAD_SECONDS = 5;

/** So long after it was noted the POST of another is waited for. One POST has taken 20 s. */
const LONGEST_WAIT_SECONDS = 30;

/** And so long altogether, whoever comes first meanwhile. */
const LONGEST_WAITS_SECONDS = 60;

/** Each time another was first, and is looked at. */
const MOST_TRIES = 5;

/**
 * What a check that is due does beside an equal one: it waits for that one's POST, or shares its run. `undefined`: it is
 * to POST for itself, and is noted as whom others may join. Only before its first POST: whatever becomes of that, it
 * tries again by itself, which costs nothing here, and whoever asks meanwhile begins the next run. Throws
 * `StorageUnavailable`.
 * docs/decisions.md#equal-checks-share-a-run-by-a-note
 */
export async function besideEqual(deps: JoinDeps, check: WaitingCheck): Promise<BesideEqual | undefined> {
  const joinKey = check.attempts > 0 || check.joined !== undefined ? undefined : joinKeyOf(check);
  if (joinKey === undefined) return undefined;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const noted = await deps.runs.find(joinKey);
    if (noted?.run.checkId === check.id) return undefined;
    const place = noted ? await placeBeside(deps, check, noted.run) : 'lead';
    if (typeof place === 'object') return place;
    if (place === 'alone') return undefined;
    if (await deps.runs.note(joinKey, { checkId: check.id, at: deps.now() }, noted?.version)) return undefined;
  }
  return undefined;
}

/**
 * `lead`: it POSTs as the one whom others join. `alone`: it POSTs, whoever else does; the note stays, so that all who
 * waited for the one that it names do the same, and not one after the other.
 */
async function placeBeside(
  deps: JoinDeps,
  check: WaitingCheck,
  { checkId, at }: Run,
): Promise<BesideEqual | 'lead' | 'alone'> {
  if (!isRecent(at, check, deps.now())) return 'lead';
  const leader = (await unlessGarbled(deps, () => deps.store.find(checkId)))?.check;
  // A note is believed in who and when alone.
  if (!leader || !askTheSame(leader, check)) return 'lead';
  if (leader.status === 'NotStarted') return waiting(deps, check, at);
  // What had ended before it was asked is nothing that it could join.
  if (hasEnded(leader) && leader.finishedAt <= check.createdAt) return 'lead';
  if (isFollowed(leader)) return { check: joined(deps, check, leader), due: nextAskOf(leader, deps.now()) };
  if (leader.status === 'Succeeded') {
    const { id, networkWatcher } = leader;
    return { check: joined(deps, check, { id, networkWatcher }), due: deps.now() };
  }
  return leader.status === 'Canceled' || isRefused(leader) ? 'lead' : 'alone';
}

const isRecent = (at: Date, { createdAt }: WaitingCheck, now: Date): boolean =>
  at >= secondsAfter(new Date(createdAt), -JOINED_WITHIN_SECONDS) && at <= secondsAfter(now, MOST_AHEAD_SECONDS);

/** Longer each time, so that a long POST costs few messages. */
function waiting({ now }: JoinDeps, check: WaitingCheck, at: Date): BesideEqual | 'lead' | 'alone' {
  const { waited = 0 } = check;
  if (waited >= LONGEST_WAITS_SECONDS) return 'alone';
  const passed = Math.max(0, (now().getTime() - at.getTime()) / 1000);
  if (passed >= LONGEST_WAIT_SECONDS) return 'lead';
  const seconds = Math.min(Math.max(1, passed), LONGEST_WAIT_SECONDS - passed, LONGEST_WAITS_SECONDS - waited);
  return { check: { ...check, waited: waited + seconds }, due: secondsAfter(now(), seconds) };
}

/** Whether Azure can be asked about its run. No token is sent where no operations are. */
const isFollowed = (leader: Check): leader is Check & { readonly operationUrl: string } =>
  'operationUrl' in leader &&
  leader.operationUrl !== undefined &&
  isOperationUrl(leader.operationUrl, leader.request.source.resourceId);

/** What Azure asked its leader to wait, those who join wait too. */
const nextAskOf = (leader: Check, now: Date): Date => later(now, new Date(leader.notBefore ?? leader.dueAt));

/** Withheld from its requester, or refused to them by now; nothing is wrong with what is asked. */
const isRefused = (leader: Check): boolean => leader.status === 'Failed' && leader.error.code === 'PolicyRefused';
