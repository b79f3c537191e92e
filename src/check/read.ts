import { type AccessDeps, recordAccess } from '../audit/record-access.ts';
import type { Actor } from '../contract/actor.ts';
import type { CheckView } from '../contract/check.ts';
import { Problem } from '../contract/problem.ts';
import type { Caller } from '../contract/requester.ts';
import { withContacts } from '../policy/contact/with-contacts.ts';
import type { Policy } from '../policy/policy.ts';
import type { CheckStore } from './ports/check-store.ts';
import { isOwn, mayReadAll, seenOf, type Sight, type SightDeps, sightOf, withoutOthers } from './sight/sight.ts';
import type { Check } from './state/check.ts';
import { targetOf } from './state/event-of.ts';
import type { Pause } from './state/stated-verdict.ts';
import { viewOf } from './state/view-of.ts';

export interface ReadDeps extends AccessDeps, SightDeps {
  readonly store: CheckStore;
  readonly policy: SightDeps['policy'];
}

export interface ViewDeps {
  readonly store: CheckStore;
  readonly policy: Pick<Policy, 'contacts'>;
}

/** What is not there and what is not theirs are the same to a caller, wherever an id is taken. */
export const noSuchCheck = (): Problem => new Problem('NotFound', 'There is no check of that id, or it is not yours.');

/**
 * A check that the actor may see, as they may see it; for everybody else it does not exist. Reading another's check is
 * audited first, under the path of what is read of it. Throws `NotFound`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function read(
  deps: ReadDeps,
  actor: Actor,
  checkId: string,
  resource = `/api/checks/${checkId}`,
): Promise<Check> {
  const stored = await deps.store.find(checkId);
  if (!stored) throw noSuchCheck();
  const { check } = stored;
  const sight = await sightOf(deps, actor.caller, seenOf(check));
  if (sight === undefined) throw noSuchCheck();
  await recordReading(deps, actor, check, sight, resource);
  return shownTo(actor.caller, check);
}

/**
 * The same check as it has become since it was read, in an answer that is held: what it has come to can be what policy
 * denies this reader. Throws `NotFound`, `StorageUnavailable`.
 */
export async function stillSeen(deps: SightDeps, { caller }: Actor, check: Check): Promise<Check> {
  if ((await sightOf(deps, caller, seenOf(check))) === undefined) throw noSuchCheck();
  return shownTo(caller, check);
}

/** A check as this reader may see it. */
export const shownTo = (caller: Caller, check: Check): Check =>
  isOwn(caller, check) || mayReadAll(caller) ? check : withoutOthers(check);

const reasons: Readonly<Record<Exclude<Sight, 'own'> | 'told' | 'admin', string>> = {
  role: 'The role Audit.Read may read every check.',
  shared: 'Its requester shares it with the reader.',
  visible: 'Its rule makes it visible to a group of the reader.',
  told: 'The policy lets the reader test this flow.',
  admin: 'The role Check.Admin may cancel every check, and take back every share.',
};

/** Audits that another's check is read, told of in a comparison, or shown to whoever may end it. One's own is nobody's business. */
export async function recordReading(
  deps: AccessDeps,
  actor: Actor,
  check: Check,
  sight: Sight | 'told' | 'admin',
  resource: string,
): Promise<void> {
  if (sight === 'own') return;
  await recordAccess(deps, actor, {
    ...{ action: 'read', checkId: check.id, resource },
    target: targetOf(check.request, check.networkWatcher),
    decision: {
      allowed: true,
      ...(sight === 'visible' && { rule: check.decision.rule }),
      reason: reasons[sight],
      policy: deps.policy.hash,
    },
  });
}

/** A check as it is answered, with Azure's result where it has one, with whom to ask, and with the pause that it waits in. */
export async function viewWithResult({ store, policy }: ViewDeps, check: Check, pause?: Pause): Promise<CheckView> {
  const answer = check.status === 'Succeeded' ? await store.answer(check.id) : undefined;
  return withContacts(policy, viewOf(check, answer, pause));
}
