import type { Decision } from '../contract/decision.ts';
import type { Caller } from '../contract/requester.ts';
import { findDenial } from './find-denial.ts';
import { grantsOf } from './grants-of.ts';
import type { Policy } from './policy.ts';
import type { Flow } from './rule/flow.ts';
import { accessRequestsOf } from './rule/access-request.ts';
import { targetOf } from './rule/target.ts';

/**
 * A refusal where the path of a result touches what the caller may not test: a name or a resource id can lead into a
 * range that policy denies, and only the hops show it. Every rule that denies is asked about the flow with
 * the hop in the destination's place. Takes the hops' addresses and resource ids, without the source's own; what is
 * neither is ignored. The reason does not tell which hop it was, nor whom to ask about it: that is what policy hides.
 */
export function decideHops(policy: Policy, caller: Caller, flow: Flow, hops: readonly string[]): Decision | undefined {
  const requests = accessRequestsOf(caller, flow);
  const targets = hops.flatMap((hop) => targetOf(hop) ?? []);
  const denial = findDenial(
    policy,
    targets.flatMap((target) => requests.map((request) => ({ ...request, target }))),
    requests,
  );
  if (!denial) return undefined;
  const { rule, reason } = denial;
  return {
    allowed: false,
    ...(rule === undefined ? {} : { rule }),
    reason: `The result is withheld because its path leads through what policy denies: ${reason}`,
    policy: policy.hash,
    ...grantsOf(policy, caller),
  };
}
