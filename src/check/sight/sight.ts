import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';
import type { SharedWith } from '../../contract/answer/shared-with.ts';
import { jsonOf } from '../../contract/json-of.ts';
import type { Caller } from '../../contract/requester.ts';
import { decide } from '../../policy/decide.ts';
import { decideHops } from '../../policy/decide-hops.ts';
import type { Policy } from '../../policy/policy.ts';
import { readFlow } from '../../policy/rule/flow.ts';
import { isDenied } from '../../policy/sight/is-denied.ts';
import { visibleRules } from '../../policy/sight/visible-rules.ts';
import type { CheckStore } from '../ports/check-store.ts';
import type { Check } from '../state/check.ts';
import { hopsOf } from './hops-of.ts';

// Who may see what of a check is decided here and nowhere else. docs/who-sees-what.md has it as a table.

/** By what a reader may read a check: it is their own, by the role Audit.Read, by a share, or by their group. */
export type Sight = 'own' | 'role' | 'shared' | 'visible';

/** What of a check decides who may see it. */
export interface SeenCheck {
  readonly id: string;
  readonly requesterId: string;
  readonly request: Pick<ConnectivityParameters, 'source' | 'destination' | 'protocol'>;
  /** The rule that it ran under; absent where policy refused it later. */
  readonly rule?: string | undefined;
  readonly sharedWith?: SharedWith | undefined;
  /** Whether it has a path, which policy may hide. */
  readonly hasResult: boolean;
}

export interface SightDeps {
  readonly store: Pick<CheckStore, 'answer'>;
  readonly policy: Policy;
  readonly now: () => Date;
}

/** What a caller may learn of a check that is told to them: all of it, or only when it was and how it came out. */
export type Telling = { readonly sight: Sight } | { readonly sight?: undefined };

export const seenOf = (check: Check): SeenCheck => ({
  id: check.id,
  requesterId: check.caller.requester.id,
  request: check.request,
  rule: ruleOf(check),
  sharedWith: check.sharedWith,
  hasResult: check.status === 'Succeeded',
});

/** The rule that a check ran under: none for one that policy refused later, whose decision has a rule that denies. */
export const ruleOf = ({ decision }: Pick<Check, 'decision'>): string | undefined =>
  decision.allowed ? decision.rule : undefined;

export const mayReadAll = ({ roles }: Caller): boolean => roles.includes('Audit.Read');

export const isOwn = (caller: Caller, check: Check): boolean => check.caller.requester.id === caller.requester.id;

/** By what the caller may read it; `undefined`: not at all, and to them it does not exist. Throws `StorageUnavailable`. */
export async function sightOf(deps: SightDeps, caller: Caller, check: SeenCheck): Promise<Sight | undefined> {
  const claim = claimOf(deps, caller, check);
  if (claim === undefined || claim === 'own' || claim === 'role') return claim;
  return (await isHidden(deps, caller, check)) ? undefined : claim;
}

/**
 * What the caller may be told of a check among others of its flow: what they may read, and of what they may not read the
 * outcome, where policy would let them test that flow now. `undefined`: nothing. Throws `StorageUnavailable`.
 */
export async function tellingOf(deps: SightDeps, caller: Caller, check: SeenCheck): Promise<Telling | undefined> {
  const sight = await sightOf(deps, caller, check);
  if (sight !== undefined) return { sight };
  if (!mayTest(deps, caller, check)) return undefined;
  return (await isHidden(deps, caller, check)) ? undefined : {};
}

/** Without the path, which can still hide it. */
function claimOf({ policy, now }: SightDeps, caller: Caller, check: SeenCheck): Sight | undefined {
  if (check.requesterId === caller.requester.id) return 'own';
  if (mayReadAll(caller)) return 'role';
  if (!mayAsk(caller)) return undefined;
  if (isSharedWith(caller, check.sharedWith, now())) return 'shared';
  return check.rule !== undefined && visibleRules(policy, caller).includes(check.rule) ? 'visible' : undefined;
}

function isSharedWith({ requester }: Caller, sharedWith: SharedWith | undefined, now: Date): boolean {
  if (sharedWith === undefined || now >= new Date(sharedWith.until)) return false;
  const { to } = sharedWith;
  return to === undefined || to.some((objectId) => objectId.toLowerCase() === requester.objectId.toLowerCase());
}

const mayTest = (
  { policy }: Pick<SightDeps, 'policy'>,
  caller: Caller,
  { request }: Pick<SeenCheck, 'request'>,
): boolean => mayAsk(caller) && decide(policy, caller, readFlow(request)).allowed;

const mayAsk = ({ roles }: Caller): boolean => roles.includes('Check.Request');

/** Whether policy denies this caller the question, or a hop of the path. A path that cannot be read hides it. */
export async function isHidden(
  { store, policy }: SightDeps,
  caller: Caller,
  check: Pick<SeenCheck, 'id' | 'request' | 'hasResult'>,
): Promise<boolean> {
  const flow = readFlow(check.request);
  if (isDenied(policy, caller, flow)) return true;
  if (!check.hasResult) return false;
  const result = jsonOf((await store.answer(check.id)) ?? '');
  if (result === undefined) return true;
  return decideHops(policy, caller, flow, hopsOf(result, check.request)) !== undefined;
}

/** What of a check is for its requester and for `Audit.Read`, in the check itself and in its view. */
interface Private extends Pick<Check, 'sharedWith' | 'rerunOf' | 'member'> {
  readonly setId?: string | undefined;
}

/**
 * Without whom a check is shared with, which one it repeats, and which set asked for it: other readers may not even know of
 * those two.
 */
export const withoutOthers = <C extends Private>(check: C): C => ({
  ...check,
  sharedWith: undefined,
  rerunOf: undefined,
  member: undefined,
  setId: undefined,
});
