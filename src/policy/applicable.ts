import { formatResourceId, segmentsOf } from '../arm/resource-id.ts';
import type { NamedTarget } from '../contract/request/named-target.ts';
import { type Side, writtenSide } from '../contract/request/side.ts';
import type { Caller } from '../contract/requester.ts';
import { isNeverTested } from './rule/never-tested.ts';
import type { Limits, Policy } from './policy.ts';
import type { RuleDocument } from './document/policy-document.ts';
import { type AccessRequest, subjectOf } from './rule/access-request.ts';
import type { Rule } from './rule/rule.ts';
import { targetPortsOf } from './rule/target.ts';
import { writtenLimits } from './written-limits.ts';

/** A rule as written, without comments and whom else it is about. */
export interface ApplicableRule extends Omit<RuleDocument, 'requesters' | 'except' | 'limits' | 'comment'> {
  readonly limits?: Limits | undefined;
}

export interface Applicable {
  readonly rules: readonly ApplicableRule[];
  readonly endpoints: readonly ({ readonly name: string } & NamedTarget)[];
}

/** The rules that are about the caller, and the endpoints that they let the caller test from or to. */
export function applicableTo(policy: Policy, caller: Caller): Applicable {
  const asked = askedBy(policy, caller);
  const open = [...policy.endpoints].filter(([, endpoint]) => isOpen(asked, endpoint));
  return {
    rules: [...asked.deny, ...asked.allow].map(shown),
    endpoints: open.map(([name, endpoint]) => ({ name, ...writtenSide(endpoint) })),
  };
}

/** Whether the caller may test from the endpoint, or to it. */
export const isOpenTo = (policy: Policy, caller: Caller, endpoint: Side): boolean =>
  isOpen(askedBy(policy, caller), endpoint);

/** A caller's request that is still without source and target, and the rules that are about the caller. */
interface Asked {
  readonly asker: AccessRequest;
  readonly allow: readonly Rule[];
  readonly deny: readonly Rule[];
}

const nowhere = { kind: 'resource', id: [] } as const;

function askedBy({ allowRules, denyRules }: Policy, caller: Caller): Asked {
  const asker = { subject: subjectOf(caller), source: [], target: nowhere, port: undefined, protocol: undefined };
  const about = ({ requester }: Rule): boolean => requester(asker) === true;
  return { asker, allow: allowRules.filter(about), deny: denyRules.filter(about) };
}

const isOpen = (asked: Asked, endpoint: Side): boolean =>
  canBeSource(asked, endpoint) || canBeDestination(asked, endpoint);

function shown({ written }: Rule): ApplicableRule {
  const { id, effect, sources, destinations, ports, protocols, reason, limits } = written;
  return { id, effect, sources, destinations, ports, protocols, reason, limits: writtenLimits(limits) };
}

/** A rule that denies counts where it denies whatever else is asked. */
function canBeSource({ asker, allow, deny }: Asked, { resource }: Side): boolean {
  if (!resource) return false;
  const request = { ...asker, source: segmentsOf(formatResourceId(resource)) };
  const barred = deny.some(
    ({ source, written: { destinations, ports, protocols } }) =>
      source(request) === true && !destinations && !ports && !protocols,
  );
  return !barred && allow.some(({ source }) => source(request) === true);
}

function canBeDestination({ asker, allow, deny }: Asked, endpoint: Side): boolean {
  return targetPortsOf(endpoint).every((targetPort) => {
    const request = { ...asker, ...targetPort };
    const barred = deny.some(
      ({ destination, port, written: { sources, protocols } }) =>
        destination(request) === true && port(request) === true && !sources && !protocols,
    );
    if (barred || isNeverTested(targetPort.target)) return false;
    return allow.some(({ destination, port }) => destination(request) !== false && port(request) !== false);
  });
}
