import type { ConnectivityParameters } from '../arm/connectivity-parameters.ts';
import type { Decision } from '../contract/decision.ts';
import type { Caller } from '../contract/requester.ts';
import { findDenial, TOO_MANY_GROUPS } from './find-denial.ts';
import type { Policy } from './policy.ts';
import { type AccessRequest, accessRequestsOf } from './rule/access-request.ts';
import { matchRule, type Rule } from './rule/rule.ts';
import { whyNoRule } from './why-no-rule.ts';

const UNREADABLE =
  'The source or the destination cannot be read as a resource id or an address: name it plainly and ask again.';

/** What the policy says. Deny wins; what no rule allows is refused; what is left open is read against the request. */
export function decide(policy: Policy, caller: Caller, request: ConnectivityParameters): Decision {
  const questions = accessRequestsOf(caller, request);
  if (questions.length === 0) return refuse(policy, { reason: UNREADABLE });
  const denial = findDenial(policy, questions);
  if (denial?.certain) return refuse(policy, denial);
  const grants = questions.map((question) => findGrant(policy, question));
  if (grants.includes('none')) return refuse(policy, { reason: whyNoRule(policy, questions) });
  const [grant] = grants;
  if (grants.includes('groups') || typeof grant !== 'object') return refuse(policy, { reason: TOO_MANY_GROUPS });
  if (denial) return refuse(policy, denial);
  const { id } = grant.written;
  return { allowed: true, rule: id, reason: `Rule "${id}" allows it.`, policy: policy.hash };
}

/** The first rule by id that allows it; `groups` where a rule would if the token named the right group. */
function findGrant(policy: Policy, question: AccessRequest): Rule | 'groups' | 'none' {
  let found: 'groups' | 'none' = 'none';
  for (const rule of policy.allowRules) {
    const gaps = matchRule(rule, question);
    if (gaps?.length === 0) return rule;
    if (gaps?.every((gap) => gap === 'groups')) found = 'groups';
  }
  return found;
}

function refuse(policy: Policy, { rule, reason }: { readonly rule?: string; readonly reason: string }): Decision {
  return { allowed: false, ...(rule === undefined ? {} : { rule }), reason, policy: policy.hash };
}
