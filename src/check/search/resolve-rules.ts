import type { KnownRequesters } from '../../audit/known-requesters.ts';
import type { Caller } from '../../contract/requester.ts';
import { nearest } from '../../contract/text/nearest.ts';
import { applicableTo } from '../../policy/applicable.ts';
import type { Policy } from '../../policy/policy.ts';
import { mayReadAll } from '../sight/sight.ts';
import { found, gather, type One, type Resolved, wrong } from './resolved.ts';

interface Deps {
  readonly policy: Policy;
  readonly knownRequesters: KnownRequesters;
}

/** Ids of rules: those of today's policy that the caller may know of, and those that ever decided. Throws `StorageUnavailable`. */
export async function resolveRules(
  deps: Deps,
  caller: Caller,
  asked: readonly string[] = [],
): Promise<Resolved<string>> {
  if (asked.length === 0) return { values: [], faults: [] };
  const today = idsFor(deps.policy, caller);
  return gather('rule', await Promise.all(asked.map((rule) => resolveOne(deps, caller, today, rule))));
}

async function resolveOne(
  { knownRequesters }: Deps,
  caller: Caller,
  today: readonly string[],
  rule: string,
): Promise<One<string>> {
  if (today.includes(rule)) return found(rule);
  const whose = mayReadAll(caller) ? undefined : caller.requester.id;
  if (await knownRequesters.hasDecided(rule, whose)) return found(rule);
  const near = nearest(rule, today);
  return wrong(
    `No rule of that id is in the policy, and none has ever decided${whose === undefined ? '' : ' a check of yours'}: ` +
      (near === undefined ? 'give the id of a rule.' : `did you mean "${near}"?`),
  );
}

function idsFor(policy: Policy, caller: Caller): readonly string[] {
  if (!mayReadAll(caller)) return applicableTo(policy, caller).rules.map(({ id }) => id);
  return [...policy.allowRules, ...policy.denyRules].map(({ written }) => written.id);
}
