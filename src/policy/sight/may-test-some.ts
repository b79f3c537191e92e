import type { Caller } from '../../contract/requester.ts';
import { isNeverTested } from '../rule/never-tested.ts';
import type { Policy } from '../policy.ts';
import { accessRequestsOf } from '../rule/access-request.ts';
import type { Flow } from '../rule/flow.ts';
import { matchRule } from '../rule/rule.ts';

/**
 * Whether the policy may let the caller test a flow whose port or protocol is left open: some rule allows it for one of
 * them, and none denies it for all. It is coarse: two rules that deny half of the ports each are not added up.
 */
export function mayTestSome({ allowRules, denyRules }: Policy, caller: Caller, flow: Flow): boolean {
  const requests = accessRequestsOf(caller, flow);
  return (
    requests.length > 0 &&
    requests.every(
      (request) =>
        !isNeverTested(request.target) &&
        // Whether a group matches is open where the token does not tell: that allows nothing, and may deny.
        !denyRules.some((rule) => matchRule(rule, request)?.every((unknown) => unknown === 'groups')) &&
        allowRules.some((rule) => matchRule(rule, request)?.includes('groups') === false),
    )
  );
}
