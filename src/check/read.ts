import { type AccessDeps, recordAccess } from '../audit/record-access.ts';
import type { Actor } from '../contract/actor.ts';
import type { CheckView } from '../contract/check.ts';
import { Problem } from '../contract/problem.ts';
import type { Caller } from '../contract/requester.ts';
import { withContacts } from '../policy/contact/with-contacts.ts';
import type { Policy } from '../policy/policy.ts';
import type { CheckStore } from './ports/check-store.ts';
import type { Check } from './state/check.ts';
import { targetOf } from './state/event-of.ts';
import type { Pause } from './state/stated-verdict.ts';
import { viewOf } from './state/view-of.ts';

export interface ReadDeps extends AccessDeps {
  readonly store: CheckStore;
}

export interface ViewDeps {
  readonly store: CheckStore;
  readonly policy: Pick<Policy, 'contacts'>;
}

export const mayReadAll = ({ roles }: Caller): boolean => roles.includes('Audit.Read');

export const isOwn = (caller: Caller, check: Check): boolean => check.caller.requester.id === caller.requester.id;

/** What is not there and what is not theirs are the same to a caller, wherever an id is taken. */
export const noSuchCheck = (): Problem => new Problem('NotFound', 'There is no check of that id, or it is not yours.');

/**
 * A check that the actor may see; for everybody else it does not exist. Reading another's check is audited first, under
 * the path of what is read of it. Throws `NotFound`, `AuditUnavailable`, `StorageUnavailable`.
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
  if (isOwn(actor.caller, check)) return check;
  if (!mayReadAll(actor.caller)) throw noSuchCheck();
  await recordAccess(deps, actor, {
    ...{ action: 'read', resource },
    target: targetOf(check.request, check.networkWatcher),
    decision: { allowed: true, reason: 'The role Audit.Read may read every check.', policy: check.decision.policy },
  });
  return check;
}

/** A check as it is answered, with Azure's result where it has one, with whom to ask, and with the pause that it waits in. */
export async function viewWithResult({ store, policy }: ViewDeps, check: Check, pause?: Pause): Promise<CheckView> {
  const answer = check.status === 'Succeeded' ? await store.answer(check.id) : undefined;
  return withContacts(policy, viewOf(check, answer, pause));
}
