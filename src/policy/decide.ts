import type { Decision } from '../contract/decision.ts';
import type { Caller } from '../contract/requester.ts';
import { whomToAsk } from './contact/whom-to-ask.ts';
import { findDenial, TOO_MANY_GROUPS } from './find-denial.ts';
import { grantsOf } from './grants-of.ts';
import type { Policy } from './policy.ts';
import type { Flow } from './rule/flow.ts';
import { type AccessRequest, accessRequestsOf } from './rule/access-request.ts';
import { matchRule, type Rule } from './rule/rule.ts';
import { whyNoRule } from './why-no-rule.ts';

const UNREADABLE =
  'The source or the destination cannot be read as a resource id or an address: name it plainly and ask again.';

/** What the policy says. Deny wins; what no rule allows is refused. What request or token leave unknown is taken for what would deny. */
export function decide(policy: Policy, caller: Caller, flow: Flow): Decision {
  return { ...answerOf(policy, caller, flow), policy: policy.hash, ...grantsOf(policy, caller) };
}

type Answer = Pick<Decision, 'allowed' | 'rule' | 'reason'>;

function answerOf(policy: Policy, caller: Caller, flow: Flow): Answer {
  const requests = accessRequestsOf(caller, flow);
  if (requests.length === 0) return refuse({ reason: UNREADABLE });
  const denial = findDenial(policy, requests);
  if (denial?.certain) return refuse(denial);
  const grants = requests.map((request) => findGrant(policy, request));
  if (grants.includes('none')) return refuse({ reason: whyNoRule(policy, requests) + whomToAsk(policy, requests) });
  const [grant] = grants;
  if (grants.includes('groups') || typeof grant !== 'object')
    return refuse({ reason: TOO_MANY_GROUPS + whomToAsk(policy, requests) });
  if (denial) return refuse(denial);
  const { id } = grant.written;
  return { allowed: true, rule: id, reason: `Rule "${id}" allows it.` };
}

/** The first rule by id that allows it; `groups` where a rule would if the token named the right group. */
function findGrant(policy: Policy, request: AccessRequest): Rule | 'groups' | 'none' {
  let found: 'groups' | 'none' = 'none';
  for (const rule of policy.allowRules) {
    const unknowns = matchRule(rule, request);
    if (unknowns?.length === 0) return rule;
    if (unknowns?.every((unknown) => unknown === 'groups')) found = 'groups';
  }
  return found;
}

function refuse({ rule, reason }: { readonly rule?: string; readonly reason: string }): Answer {
  return { allowed: false, ...(rule === undefined ? {} : { rule }), reason };
}
