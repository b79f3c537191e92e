import type { KnownRequesters } from '../../audit/known-requesters.ts';
import type { Caller } from '../../contract/requester.ts';
import { nearest } from '../../contract/text/nearest.ts';
import { applicableTo } from '../../policy/applicable.ts';
import type { Policy } from '../../policy/policy.ts';
import { visibleRules } from '../../policy/sight/visible-rules.ts';
import { mayReadAll } from '../sight/sight.ts';
import { found, gather, type One, type Resolved, wrong } from './resolved.ts';

interface Deps {
  readonly policy: Policy;
  readonly knownRequesters: KnownRequesters;
}

/** What is looked for: no check runs under a rule that denies, but events have both. */
export type Kept = 'checks' | 'events';

/** Ids of rules: those of today's policy that the caller may know of, and those that ever decided. Throws `StorageUnavailable`. */
export async function resolveRules(
  deps: Deps,
  caller: Caller,
  asked: readonly string[] = [],
  kept: Kept,
): Promise<Resolved<string>> {
  if (asked.length === 0) return { values: [], faults: [] };
  const today = idsFor(deps.policy, caller, kept);
  return gather('rule', await Promise.all(asked.map((rule) => resolveOne(deps, caller, { today, kept }, rule))));
}

async function resolveOne(
  { policy, knownRequesters }: Deps,
  caller: Caller,
  { today, kept }: { readonly today: readonly string[]; readonly kept: Kept },
  rule: string,
): Promise<One<string>> {
  if (today.includes(rule)) return found(rule);
  const readsAll = mayReadAll(caller);
  const whose = readsAll ? {} : { requesterId: caller.requester.id };
  if (await knownRequesters.hasDecided(rule, { ...whose, byAllowing: kept === 'checks' })) return found(rule);
  if (readsAll && policy.denyRules.some(({ written }) => written.id === rule))
    return wrong('This rule denies, so no check ran under it: ask GET /api/audit for what it refused.');
  const near = nearest(rule, today);
  return wrong(
    `No rule of that id is in the policy, and none has ever ${kept === 'checks' ? 'allowed' : 'decided'} a check${readsAll ? '' : ' of yours'}: ` +
      (near === undefined ? 'give the id of a rule.' : `did you mean "${near}"?`),
  );
}

function idsFor(policy: Policy, caller: Caller, kept: Kept): readonly string[] {
  const { allowRules, denyRules } = policy;
  if (mayReadAll(caller))
    return [...allowRules, ...(kept === 'events' ? denyRules : [])].map(({ written }) => written.id);
  const own = applicableTo(policy, caller).rules.filter(({ effect }) => effect === 'allow');
  return [...own.map(({ id }) => id), ...visibleRules(policy, caller)];
}
