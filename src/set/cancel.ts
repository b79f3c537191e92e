import { recordAccess } from '../audit/record-access.ts';
import { cancel, type CancelDeps } from '../check/cancel.ts';
import type { Actor } from '../contract/actor.ts';
import { Problem } from '../contract/problem.ts';
import { atOnce } from './at-once.ts';
import { isOwnSet } from './is-own-set.ts';
import type { MemberEnd, StoredMember, StoredSet } from './ports/set-store.ts';
import { noSuchSet } from './read.ts';
import { settle, type SettleDeps } from './settle.ts';
import { isRunning, isWaiting } from './state/set.ts';
import { whetherOf } from './state/view-of-set.ts';

export type CancelSetDeps = CancelDeps & SettleDeps;

/** Steps can be first that often before we ask the caller to try again. */
const MAX_TRIES = 8;
const AT_ONCE = 8;

/**
 * Ends what of a set has not ended: one's own, or any with `Check.Admin`. What waits was never requested, so it has no
 * event; checks are canceled as any other. Answers the set as it is then, also where nothing was left to end. Throws
 * `NotFound`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function cancelSet(deps: CancelSetDeps, actor: Actor, setId: string): Promise<StoredSet> {
  const found = await deps.sets.find(setId);
  if (!found || !mayCancel(actor, found)) throw noSuchSet();
  await recordSeen(deps, actor, found);
  let stored = found;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (!stored.members.some(isRunning)) return closed(deps, stored);
    await endMembers(deps, actor, stored);
    stored = (await deps.sets.find(setId)) ?? stored;
  }
  throw new Problem('StorageUnavailable', 'The set is moving too fast to be canceled. Ask again.', {
    retryAfterSeconds: 1,
  });
}

const mayCancel = ({ caller }: Actor, { set }: StoredSet): boolean =>
  isOwnSet(caller, set) || caller.roles.includes('Check.Admin');

/** How somebody else's set has come out is read with the answer. */
async function recordSeen(deps: CancelSetDeps, actor: Actor, { set }: StoredSet): Promise<void> {
  if (isOwnSet(actor.caller, set)) return;
  await recordAccess(deps, actor, {
    ...{ action: 'read', resource: `/api/sets/${set.id}` },
    decision: { allowed: true, reason: 'The role Check.Admin may cancel every set.', policy: deps.policy.hash },
  });
}

/** What waits first: no turn can come for it any more. */
async function endMembers(deps: CancelSetDeps, actor: Actor, { set, members }: StoredSet): Promise<void> {
  const waiting = members.filter(isWaiting).map((member) => ({ member, state: canceledState(member) }));
  if (waiting.length > 0 && !(await deps.sets.endMembers(set, waiting))) return;
  const open = members.filter(isRunning).flatMap(({ state }) => (state.kind === 'check' ? [state.id] : []));
  await atOnce(AT_ONCE, open, async (checkId) => {
    try {
      await cancel(deps, actor, checkId);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'CheckEnded') throw error;
    }
  });
}

const canceledState = (member: StoredMember): MemberEnd['state'] => ({
  kind: 'ended',
  status: 'Canceled',
  sentence: `The check whether ${whetherOf(member)} was canceled before its turn, so there is no result.`,
});

/** Where a step has the set, that step closes it. */
async function closed(deps: CancelSetDeps, stored: StoredSet): Promise<StoredSet> {
  if (stored.set.open) await settle(deps, stored, 0);
  return stored;
}
