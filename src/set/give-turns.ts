import type { SigningKey } from '../audit/checkpoint/signing-key.ts';
import type { Pauses } from '../check/ports/pauses.ts';
import { failureAdvice } from '../check/state/failure-advice.ts';
import { hasLimits } from '../check/count-request.ts';
import { secondsUntil } from '../check/state/schedule.ts';
import type { SubmitDeps } from '../check/submit.ts';
import type { CheckRequest } from '../contract/request/check-request.ts';
import { readSide } from '../contract/request/side.ts';
import { Problem } from '../contract/problem.ts';
import { secondsAfter } from '../contract/time.ts';
import { couldNotTell } from '../verdict/summary.ts';
import { atOnce } from './at-once.ts';
import type { MemberEnd, SetStore, StoredMember, StoredSet } from './ports/set-store.ts';
import { submitAtTurn } from './submit-at-turn.ts';
import { settle, type SettleDeps } from './settle.ts';
import { memberOfCheck } from './state/member-of-check.ts';
import { isProven } from './state/proof.ts';
import { refusedState } from './state/refused-state.ts';
import { isWaiting, type Member } from './state/set.ts';
import { turnsOf } from './state/turns.ts';
import { whetherOf } from './state/view-of-set.ts';

export interface TurnDeps extends SubmitDeps, SettleDeps {
  readonly sets: SetStore;
  readonly pauses: Pauses;
  readonly signingKey: SigningKey;
  /** How long members may wait for their turn. */
  readonly setDeadlineSeconds: number;
}

/** What a set has come to. `busy`: another step was first. */
export interface Turns {
  readonly stored: StoredSet;
  readonly outcome: 'waiting' | 'begun' | 'busy';
}

/** How long a step has for a set; within it nobody else gives turns. */
export const LEASE_SECONDS = 90;
/** A step begins no further turn after that time: it must be over when its lease is. */
const MOST_SECONDS = 30;
const AT_ONCE = 8;
/** When to look whether a source is free again. */
const LOOK_SECONDS = 5;
/** After trouble with storage. */
const TROUBLE_SECONDS = 10;

/** Gives turns to the members of a set that was claimed, or ends them where the set's time is over. */
export async function giveTurns(deps: TurnDeps, claimed: StoredSet): Promise<Turns> {
  const { moved, ends, afterSeconds } = await given(deps, claimed);
  const isWritten = ends.length === 0 || (await deps.sets.endMembers(claimed.set, ends));
  const ended = new Map(ends.map(({ member, state }) => [member.index, state]));
  const members = claimed.members.map((member) => {
    const state = moved.get(member.index) ?? ended.get(member.index);
    return state ? { ...member, state } : member;
  });
  // Somebody has moved a member meanwhile: what the set is now is for the next step to see.
  const stored = isWritten ? { ...claimed, members } : claimed;
  const isMine = await settle(deps, stored, isWritten ? untilDeadline(deps, claimed, afterSeconds) : 1);
  if (!isMine) return { stored, outcome: 'busy' };
  return { stored, outcome: stored.members.some(isWaiting) ? 'waiting' : 'begun' };
}

async function given(deps: TurnDeps, claimed: StoredSet): Promise<Given> {
  const { set, members } = claimed;
  if (await isPastDeadline(deps, claimed))
    return endAll(members, {
      code: 'DeadlineExceeded',
      message: `Its turn did not come within ${deps.setDeadlineSeconds} s after the set was asked for.`,
    });
  // Nothing is asked for in the name of whoever a row names: whoever can write rows could be anybody.
  if (members.some(isWaiting) && !(await isProven(deps.signingKey, set, members))) {
    deps.warn(`The set ${set.id} in storage is not what was asked for: somebody changed the table.`, undefined, {
      setId: set.id,
    });
    return endAll(members, {
      code: 'NotAsAccepted',
      message: 'What stands in storage is not what was asked for, so it was not tested.',
    });
  }
  return submitAll(deps, claimed);
}

/** By the clock alone: while the proxy is paused it moves. */
export const deadlineOf = ({ setDeadlineSeconds }: Pick<TurnDeps, 'setDeadlineSeconds'>, { set }: StoredSet): Date =>
  secondsAfter(new Date(set.createdAt), setDeadlineSeconds);

/** Past the time that the set has, moved by as long as the proxy was paused. */
async function isPastDeadline(deps: TurnDeps, stored: StoredSet): Promise<boolean> {
  const { now, pauses } = deps;
  const deadline = deadlineOf(deps, stored);
  if (now() < deadline) return false;
  const paused = await pauses.secondsBetween(new Date(stored.set.createdAt), now());
  return now() >= secondsAfter(deadline, paused);
}

/** No wait for a turn goes beyond the time that the set has. */
function untilDeadline(deps: TurnDeps, stored: StoredSet, seconds: number): number {
  const left = secondsUntil(deps.now(), deadlineOf(deps, stored));
  return left > 0 ? Math.min(seconds, left) : seconds;
}

interface Given {
  /** Members that are checks now. */
  readonly moved: ReadonlyMap<number, Member['state']>;
  readonly ends: readonly MemberEnd[];
  readonly afterSeconds: number;
}

function endAll(members: readonly StoredMember[], error: { code: keyof typeof failureAdvice; message: string }): Given {
  const { action, owner } = failureAdvice[error.code];
  const ends = members.filter(isWaiting).map((member): MemberEnd => {
    const sentence = couldNotTell(whetherOf(member), '', { ...error, action, owner });
    return { member, state: { kind: 'ended', status: 'Failed', sentence, error } };
  });
  return { moved: new Map(), ends, afterSeconds: 0 };
}

async function submitAll(deps: TurnDeps, stored: StoredSet): Promise<Given> {
  const until = secondsAfter(deps.now(), MOST_SECONDS);
  const moved = new Map<number, Member['state']>();
  const ends: MemberEnd[] = [];
  const turns = turnsOf(stored.members);
  let putOff: number | undefined;
  await atOnce(hasLimits(deps.policy) ? 1 : AT_ONCE, turns, async (member) => {
    if (putOff !== undefined) return;
    if (deps.now() >= until) {
      putOff = 0;
      return;
    }
    const turn = await giveTurn(deps, stored, member);
    if ('afterSeconds' in turn) putOff = turn.afterSeconds;
    else if (turn.state.kind === 'check') moved.set(member.index, turn.state);
    else ends.push({ member, state: turn.state });
  });
  return { moved, ends, afterSeconds: putOff ?? LOOK_SECONDS };
}

type GivenTurn =
  | { readonly state: MemberEnd['state'] | Extract<Member['state'], { kind: 'check' }> }
  | { readonly afterSeconds: number };

async function giveTurn(deps: TurnDeps, { set }: StoredSet, member: StoredMember): Promise<GivenTurn> {
  const { index, version, rerunOf } = member;
  try {
    const submission = { asked: askedOf(member), rerunOf };
    const given = await submitAtTurn(deps, set, submission, {
      ...{ setId: set.id, index, version },
      isAgain: set.rerunOf !== undefined,
    });
    return 'check' in given ? { state: memberOfCheck(given.check) } : given;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === 'PolicyRefused' || error.code === 'TooManyRequests') return { state: refusedState(set, error) };
    deps.warn(`A member of the set ${set.id} could not be submitted; its turn comes again.`, error, { setId: set.id });
    return { afterSeconds: TROUBLE_SECONDS };
  }
}

/** What a member asks for, as a submit takes it. What cannot be read is refused by policy. */
export function askedOf({ request, networkWatcher, reason }: Member): CheckRequest {
  const sides = { source: readSide(request.source) ?? {}, destination: readSide(request.destination) ?? {} };
  return { request, sides, networkWatcher, reason };
}
