import type { Fault } from '../document/fault.ts';
import type { RuleDocument } from '../document/policy-document.ts';
import type { Policy } from '../policy.ts';
import { type AccessRequest, requestTo } from '../rule/access-request.ts';
import { allOf } from '../rule/condition.ts';
import { isNeverTested } from '../rule/never-tested.ts';
import type { Rule } from '../rule/rule.ts';
import { membersOf, type SetMember } from './set-members.ts';

/** Checks of sets that would be refused to everybody: somebody wrote that these flows must work, and no rule lets them. */
export function unallowedMembers(policy: Policy): readonly Fault[] {
  return [...policy.sets].flatMap(([name, set]) => {
    const refused = membersOf(policy, set).filter((member) => !couldBeAllowed(policy, member));
    return set.destinations.flatMap((_, destination): Fault[] => {
      const from = refused.flatMap(({ places }) => (places.destination === destination ? [places.source] : []));
      if (from.length === 0) return [];
      const sources =
        from.length === set.sources.length ? 'any of the sources' : from.map((at) => `sources[${at}]`).join(', ');
      const message = `is refused to everybody from ${sources}: no rule allows it, or one denies it to all`;
      return [{ path: ['sets', name, 'destinations', destination], message }];
    });
  });
}

/** Whether there can be somebody to whom the policy allows it, as far as its sides are known. */
function couldBeAllowed({ allowRules, denyRules }: Policy, { flow, open }: SetMember): boolean {
  const { source, protocol, targets } = flow;
  return targets.every(({ target, port }) => {
    const request = { ...requestTo(target), source, port, protocol };
    const isBarred =
      (!open.includes('destination') && isNeverTested(target)) ||
      denyRules.some((rule) => bindsAll(rule.written) && mayDeny(rule, request, open));
    return !isBarred && allowRules.some((rule) => allOf(conditionsOf(rule, open), request)?.length === 0);
  });
}

/** What a rule that denies leaves open, it denies. Of a side that is not known only a rule that does not look at it is certain. */
const mayDeny = (rule: Rule, request: AccessRequest, open: SetMember['open']): boolean =>
  open.every((side) => rule.written[`${side}s`] === undefined) &&
  allOf(conditionsOf(rule, open), request) !== undefined;

/** What a rule asks of a check, whoever asks. */
const conditionsOf = (rule: Rule, open: SetMember['open']) => [
  ...(['source', 'destination'] as const).filter((side) => !open.includes(side)).map((side) => rule[side]),
  rule.port,
  rule.protocol,
];

const bindsAll = ({ requesters = {}, except }: RuleDocument): boolean =>
  except === undefined && Object.values(requesters).every((member) => member === undefined);
