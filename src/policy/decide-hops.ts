import type { HopPlace } from '../arm/hop-places.ts';
import type { Decision } from '../contract/decision.ts';
import type { Caller } from '../contract/requester.ts';
import { findDenial } from './find-denial.ts';
import { grantsOf } from './grants-of.ts';
import { hopTargets } from './rule/hop-targets.ts';
import type { Policy } from './policy.ts';
import { accessRequestsOf, type AccessRequest } from './rule/access-request.ts';
import { allOf } from './rule/condition.ts';
import type { Flow } from './rule/flow.ts';

/**
 * A refusal where the path of a result touches what the caller may not test: a name or a resource id can lead into a
 * range that policy denies, and only the hops show it. Every rule that denies is asked about the flow with the hop in
 * the destination's place. Where one could bind, a hop that cannot be read is taken for one that it denies. The reason
 * does not tell which hop it was, nor whom to ask about it: that is what policy hides.
 */
export function decideHops(
  policy: Policy,
  caller: Caller,
  flow: Flow,
  hops: readonly HopPlace[],
): Decision | undefined {
  const requests = accessRequestsOf(caller, flow);
  const read = hops.map(hopTargets);
  const targets = read.flatMap((found) => found ?? []);
  const denial = findDenial(
    policy,
    targets.flatMap((target) => requests.map((request) => ({ ...request, target }))),
    requests,
  );
  const withheld = (because: string, rule?: string): Decision => ({
    allowed: false,
    ...(rule === undefined ? {} : { rule }),
    reason: `The result is withheld because its path ${because}`,
    policy: policy.hash,
    ...grantsOf(policy, caller),
  });
  if (denial) return withheld(`leads through what policy denies: ${denial.reason}`, denial.rule);
  if (read.includes(undefined) && couldBeDenied(policy, requests))
    return withheld(
      'has a hop that cannot be read, and policy denies some places: nobody can tell whether it is one of them.',
    );
  return undefined;
}

/** Whether a rule denies these requests some destination, whatever that is. */
const couldBeDenied = (policy: Policy, requests: readonly AccessRequest[]): boolean =>
  policy.denyRules.some(({ requester, source, port, protocol }) =>
    requests.some((request) => allOf([requester, source, port, protocol], request) !== undefined),
  );
