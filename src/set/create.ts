import { createHmac } from 'node:crypto';
import { hasLimits, pastRequests } from '../check/count-request.ts';
import { markCallback } from '../check/proof/callback-mark.ts';
import { idOfKey, randomIdFor } from '../check/state/check-id.ts';
import { flowOfAsked, refuseWhilePaused } from '../check/submit.ts';
import type { Actor } from '../contract/actor.ts';
import { canonicalJson } from '../contract/canonical-json.ts';
import { Problem } from '../contract/problem.ts';
import type { CheckRequest } from '../contract/request/check-request.ts';
import { secondsAfter } from '../contract/time.ts';
import { destinationKey, type PastRequest } from '../policy/limits.ts';
import type { CallbackRequest } from '../contract/request/callback-request.ts';
import { decideCallback } from '../policy/callback/decide-callback.ts';
import { decide } from '../policy/decide.ts';
import { type Policy } from '../policy/policy.ts';
import { atOnce } from './at-once.ts';
import { isOwnSet } from './is-own-set.ts';
import { giveTurns, LEASE_SECONDS, type TurnDeps } from './give-turns.ts';
import type { StoredSet } from './ports/set-store.ts';
import { refuseMember } from './submit-at-turn.ts';
import { planOf, type Planned } from './state/plan.ts';
import { prove } from './state/proof.ts';
import { refusedState } from './state/refused-state.ts';
import type { CheckSet, Member } from './state/set.ts';

/** One of the checks that are asked for. */
export interface AskedMember extends Pick<Member, 'named' | 'rerunOf' | 'before'> {
  readonly asked: CheckRequest;
}

export interface AskedSet {
  readonly members: readonly AskedMember[];
  /** Of the policy, where it is asked for by name: then what is refused is counted, and not shown. */
  readonly name?: string | undefined;
  /** Where to tell of its end; a secret. */
  readonly callback?: CallbackRequest | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly rerunOf?: string | undefined;
}

/** A requester's members that may wait. Beyond it, what waits could no more be given turns in the time of a set. */
export const MOST_WAITING = 200;
/** When to ask again for a set that is one too many. */
const RETRY_SECONDS = 60;
const AT_ONCE = 16;
/** Paused time can keep a set open for longer than its deadline. */
const LONGEST_PAUSE_SECONDS = 7 * 86_400;

/**
 * Accepts a set of checks. What policy refuses is audited and told at once; the rest are given turns, as far as limits and
 * sources let them, before the answer. Throws `Paused`, `PolicyRefused`, `TooManyRequests`, `IdempotencyKeyReused`, `AuditUnavailable`,
 * `StorageUnavailable`.
 */
export async function createSet(deps: TurnDeps, actor: Actor, asked: AskedSet): Promise<StoredSet> {
  refuseWhilePaused(deps);
  const key = await keyOf(deps, actor, asked);
  // Sets of one requester that are asked for at the same time would not see how many members of the others wait.
  const kept = await deps.runExclusive(`set ${actor.caller.requester.id}`, () => keep(deps, actor, asked, key));
  if (!kept.isNew) return kept.stored;
  try {
    return (await giveTurns(deps, kept.stored)).stored;
  } catch (error) {
    // It is accepted, and its requester needs its id.
    deps.warn(`The set ${kept.stored.set.id} is accepted; its turns are given later.`, error, {
      setId: kept.stored.set.id,
    });
    return kept.stored;
  }
}

/** The set that an earlier request of the same idempotency key was accepted as. */
export async function earlierSet(
  { sets, idSecret }: Pick<TurnDeps, 'sets' | 'idSecret'>,
  { caller }: Actor,
  key: string,
): Promise<StoredSet | undefined> {
  const id = await sets.idOfKey(idOfKey(await idSecret(), { requester: caller.requester, call: 'set', key }));
  const stored = id === undefined ? undefined : await sets.find(id);
  return stored && isOwnSet(caller, stored.set) ? stored : undefined;
}

interface Key {
  readonly id: string;
  readonly fingerprint: string;
}

interface Kept {
  readonly stored: StoredSet;
  readonly isNew: boolean;
}

async function keep(deps: TurnDeps, actor: Actor, asked: AskedSet, key: Key | undefined): Promise<Kept> {
  const earlier = key && (await deps.sets.idOfKey(key.id));
  if (key && earlier !== undefined) return { stored: await sameSet(deps, actor, earlier, key), isNew: false };
  const planned = asked.members.map((member, index) => plannedOf(deps, actor, member, index));
  const now = deps.now();
  const past = await pastOf(deps, actor, planned, now);
  await refuseCallback(deps, actor, asked);
  const { refused, waiting } = planOf(deps.policy, planned, past, now);
  await refuseTooMany(deps, actor, asked, waiting);
  for (const { member } of planned) {
    const problem = refused.get(member.index);
    const submission = asked.members[member.index];
    if (problem && submission) await refuseMember(deps, actor, submission, problem);
  }
  const draft = await setOf(deps, actor, asked, key);
  const members = planned.map(({ member }): Member => {
    const problem = refused.get(member.index);
    return problem ? { ...member, state: refusedState(draft, problem) } : member;
  });
  const set = { ...draft, proof: await prove(deps.signingKey, draft, members) };
  if (asked.callback) await deps.setListeners.add(set.id, { kind: 'callback', ...asked.callback });
  const id = await deps.sets.insert(set, members, waiting, key?.id);
  const stored = id === set.id || !key ? await found(deps, id) : await sameSet(deps, actor, id, key);
  return { stored, isNew: id === set.id };
}

async function keyOf(deps: TurnDeps, { caller }: Actor, asked: AskedSet): Promise<Key | undefined> {
  const { idempotencyKey: key, members, name, callback, rerunOf } = asked;
  if (key === undefined) return undefined;
  const secret = await deps.idSecret();
  const call = rerunOf === undefined ? 'set' : 'set rerun';
  const requests = members.map(({ asked: { request, networkWatcher, reason } }) => ({
    request,
    networkWatcher,
    reason,
  }));
  const text = canonicalJson({ requests, name, callback, rerunOf });
  return {
    id: idOfKey(secret, { requester: caller.requester, call, key }),
    fingerprint: createHmac('sha256', JSON.stringify([secret, key]))
      .update(text)
      .digest('hex'),
  };
}

/** What a key stands for is a row, which names any set: it is answered to its own requester alone. */
async function sameSet(deps: TurnDeps, { caller }: Actor, id: string, { fingerprint }: Key): Promise<StoredSet> {
  const stored = await found(deps, id);
  if (isOwnSet(caller, stored.set) && stored.set.fingerprint === fingerprint) return stored;
  throw new Problem(
    'IdempotencyKeyReused',
    'This idempotency key stands for another request: give a new key, or repeat that request.',
    { target: 'Idempotency-Key' },
  );
}

async function found({ sets }: TurnDeps, id: string): Promise<StoredSet> {
  const stored = await sets.find(id);
  if (stored) return stored;
  throw new Problem('StorageUnavailable', 'The set could not be read back. Ask again.', { retryAfterSeconds: 1 });
}

function plannedOf(deps: TurnDeps, actor: Actor, one: AskedMember, index: number): Planned {
  const { asked, rerunOf, before, named = namesIn(asked) } = one;
  const { request, networkWatcher, reason } = asked;
  const member = {
    ...{ index, request, networkWatcher, reason, rerunOf, before },
    ...(named && { named }),
    state: { kind: 'waiting' },
  } as const;
  const flow = flowOfAsked(asked);
  return { member, flow, decision: decide(deps.policy, actor.caller, flow) };
}

/** What was given by name, in words that answer for it. */
function namesIn({ named }: CheckRequest): Member['named'] {
  const source = nameOf(named?.source);
  const destination = nameOf(named?.destination);
  if (source === undefined && destination === undefined) return undefined;
  const port = named?.destination && 'port' in named.destination ? named.destination.port : undefined;
  return {
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
    ...(typeof port === 'number' && { port }),
  };
}

function nameOf(side: object | undefined): string | undefined {
  if (!side) return undefined;
  if ('endpoint' in side && typeof side.endpoint === 'string') return `endpoint:${side.endpoint}`;
  return 'name' in side && typeof side.name === 'string' ? side.name : undefined;
}

/** What counts toward the limits that the plan looks at; nothing where there are none. */
async function pastOf(
  deps: TurnDeps,
  { caller }: Actor,
  planned: readonly Planned[],
  now: Date,
): Promise<readonly PastRequest[]> {
  if (!hasLimits(deps.policy)) return [];
  const { id } = caller.requester;
  const recent = await pastRequests(deps, id, now);
  if (!limitsPorts(deps.policy)) return recent;
  const destinations = new Set(planned.map(({ flow }) => destinationKey(flow)));
  const older: PastRequest[] = [];
  await atOnce(AT_ONCE, [...destinations], async (destination) => {
    const past = await pastRequests(deps, id, now, destination);
    older.push(
      ...past.filter(({ destinationKey: key, open, at }) => key === destination && !open && !isRecent(at, now)),
    );
  });
  return [...recent, ...older];
}

const limitsPorts = ({ limits, allowRules }: Policy): boolean =>
  [limits, ...allowRules.map(({ written }) => written.limits)].some((each) => each?.portsPerHour !== undefined);

const isRecent = (at: Date, now: Date): boolean => at > secondsAfter(now, -60);

async function refuseTooMany(deps: TurnDeps, actor: Actor, asked: AskedSet, waiting: number): Promise<void> {
  if (waiting === 0) return;
  const since = secondsAfter(deps.now(), -deps.setDeadlineSeconds - LONGEST_PAUSE_SECONDS);
  const before = await deps.sets.waitingOf(actor.caller.requester.id, since);
  if (before + waiting <= MOST_WAITING) return;
  const problem = new Problem(
    'TooManyRequests',
    `${before} checks of your sets wait for their turn, and ${waiting} of this set would wait too: at most ${MOST_WAITING} may. Wait until a set has ended, cancel one, or ask for fewer.`,
    { retryAfterSeconds: RETRY_SECONDS },
  );
  throw await refuseWhole(deps, actor, asked, problem);
}

const awaiting = async ({ signingKey }: TurnDeps, id: string, url: string) =>
  ({
    callback: { origin: new URL(url).origin, status: 'pending', attempts: 0 },
    callbackMark: await markCallback(signingKey, id, url),
    awaited: true,
  }) as const;

/** Where policy lets nobody be called, nothing of the set is accepted. */
async function refuseCallback(deps: TurnDeps, actor: Actor, asked: AskedSet): Promise<void> {
  const { callback } = asked;
  const called = callback && decideCallback(deps.policy, actor.caller, callback.url);
  if (!called || called.allowed) return;
  throw await refuseWhole(deps, actor, asked, new Problem('PolicyRefused', called.decision.reason));
}

/** Audits that nothing of the set is accepted, as one refusal, by its first member. */
async function refuseWhole(
  deps: TurnDeps,
  actor: Actor,
  { callback, members: [first] }: AskedSet,
  problem: Problem,
): Promise<Problem> {
  if (first) await refuseMember(deps, actor, { ...first, asked: { ...first.asked, callback } }, problem);
  return problem;
}

/** The first lease is this request's own. */
async function setOf(
  deps: TurnDeps,
  { caller, origin }: Actor,
  asked: AskedSet,
  key: Key | undefined,
): Promise<Omit<CheckSet, 'proof'>> {
  const now = deps.now();
  const id = randomIdFor(caller.requester.id, deps.newId());
  return {
    id,
    name: asked.name,
    caller,
    origin,
    createdAt: now.toISOString(),
    total: asked.members.length,
    rerunOf: asked.rerunOf,
    fingerprint: key?.fingerprint,
    ...(asked.callback && (await awaiting(deps, id, asked.callback.url))),
    dueAt: secondsAfter(now, LEASE_SECONDS).toISOString(),
    open: true,
  };
}
