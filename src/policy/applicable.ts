import type { NamedTarget } from '../contract/request/named-target.ts';
import { type Side, writtenSide } from '../contract/request/side.ts';
import type { Caller } from '../contract/requester.ts';
import type { Limits, Policy } from './policy.ts';
import type { RuleDocument } from './document/policy-document.ts';
import { type Reach, reachOf } from './reach/reach.ts';
import { requestBy } from './rule/access-request.ts';
import type { Rule } from './rule/rule.ts';
import { writtenLimits } from './written-limits.ts';

/** A rule as written, without comments and whom else it is about. */
export interface ApplicableRule extends Omit<
  RuleDocument,
  'requesters' | 'except' | 'limits' | 'visibleTo' | 'comment'
> {
  readonly limits?: Limits | undefined;
}

export interface Applicable {
  readonly rules: readonly ApplicableRule[];
  readonly endpoints: readonly ({ readonly name: string } & NamedTarget)[];
}

/** The rules that are about the caller, and the endpoints that they let the caller test from or to. */
export function applicableTo(policy: Policy, caller: Caller): Applicable {
  const { allowRules, denyRules } = policy;
  const asker = requestBy(caller);
  const about = ({ requester }: Rule): boolean => requester(asker) === true;
  const reach = reachOf(policy, caller);
  const open = [...policy.endpoints].filter(([, endpoint]) => isWithin(reach, endpoint));
  return {
    rules: [...denyRules.filter(about), ...allowRules.filter(about)].map(shown),
    endpoints: open.map(([name, endpoint]) => ({ name, ...writtenSide(endpoint) })),
  };
}

/** Whether the caller may test from the endpoint, or to it. */
export const isOpenTo = (policy: Policy, caller: Caller, endpoint: Side): boolean =>
  isWithin(reachOf(policy, caller), endpoint);

const isWithin = ({ isSource, isDestination }: Reach, endpoint: Side): boolean =>
  (endpoint.resource !== undefined && isSource(endpoint.resource)) || isDestination(endpoint);

function shown({ written }: Rule): ApplicableRule {
  const { id, effect, sources, destinations, ports, protocols, reason, limits } = written;
  return { id, effect, sources, destinations, ports, protocols, reason, limits: writtenLimits(limits) };
}
