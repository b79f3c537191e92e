import type { NamedTarget } from '../contract/named-target.ts';
import type { Caller } from '../contract/requester.ts';
import { isNeverTested } from './rule/never-tested.ts';
import type { Policy } from './policy.ts';
import type { RuleDocument } from './document/policy-document.ts';
import { type AccessRequest, subjectOf } from './rule/access-request.ts';
import { segmentsOf } from './pattern/resource-pattern.ts';
import type { Rule } from './rule/rule.ts';
import { targetPortsOf } from './rule/target.ts';

/** A rule as written, without whom else it is about. */
export type ApplicableRule = Omit<RuleDocument, 'requesters' | 'except' | 'limits' | 'comment'>;

export interface Applicable {
  readonly rules: readonly ApplicableRule[];
  readonly endpoints: readonly ({ readonly name: string } & NamedTarget)[];
}

/** The rules that are about the caller, and the endpoints that they let the caller test from or to. */
export function applicableTo(policy: Policy, caller: Caller): Applicable {
  const asker = { subject: subjectOf(caller), source: [], target: nowhere, port: undefined, protocol: undefined };
  const about = ({ requester }: Rule): boolean => requester(asker) === true;
  const [allow, deny] = [policy.allowRules.filter(about), policy.denyRules.filter(about)];
  const endpoints = [...policy.endpoints].map(([name, endpoint]) => ({ name, ...endpoint }));
  return {
    rules: [...deny, ...allow].map(shown),
    endpoints: endpoints.filter(
      (endpoint) => canBeSource(allow, deny, asker, endpoint) || canBeDestination(allow, deny, asker, endpoint),
    ),
  };
}

const nowhere = { kind: 'resource', id: [] } as const;

function shown({ written }: Rule): ApplicableRule {
  const { id, effect, sources, destinations, ports, protocols, reason } = written;
  return { id, effect, sources, destinations, ports, protocols, reason };
}

type Rules = readonly Rule[];

/** A rule that denies counts where it denies whatever else is asked. */
function canBeSource(allow: Rules, deny: Rules, asker: AccessRequest, { resourceId }: NamedTarget): boolean {
  if (resourceId === undefined) return false;
  const question = { ...asker, source: segmentsOf(resourceId) };
  const barred = deny.some(
    ({ source, written: { destinations, ports, protocols } }) =>
      source(question) === true && !destinations && !ports && !protocols,
  );
  return !barred && allow.some(({ source }) => source(question) === true);
}

function canBeDestination(allow: Rules, deny: Rules, asker: AccessRequest, endpoint: NamedTarget): boolean {
  return targetPortsOf(endpoint).every((aim) => {
    const question = { ...asker, ...aim };
    const barred = deny.some(
      ({ destination, port, written: { sources, protocols } }) =>
        destination(question) === true && port(question) === true && !sources && !protocols,
    );
    if (barred || isNeverTested(aim.target)) return false;
    return allow.some(({ destination, port }) => destination(question) !== false && port(question) !== false);
  });
}
