import { formatResourceId, type ResourceId, segmentsOf } from '../../arm/resource-id.ts';
import type { Side } from '../../contract/request/side.ts';
import type { Caller } from '../../contract/requester.ts';
import type { Policy } from '../policy.ts';
import { type AccessRequest, requestBy } from '../rule/access-request.ts';
import { isNeverTested } from '../rule/never-tested.ts';
import type { Rule } from '../rule/rule.ts';
import { type TargetPort, targetOf, targetPortsOf } from '../rule/target.ts';
import { entriesCovered, entryCovered, isAnything, wayCovered } from './covers.ts';

/** What a caller may test from and to, asked of one place after another. */
export interface Reach {
  /** Whether some check that starts there may be allowed. */
  readonly isSource: (resource: ResourceId) => boolean;
  /** Whether some check that leads there may be allowed. */
  readonly isDestination: (place: Side) => boolean;
  /** Whether the caller may know the address of a resource: no rule denies it as a destination, whatever else is asked. */
  readonly mayKnow: (address: string, of: ResourceId) => boolean;
  /** Whether the caller may test from somewhere, wherever that is. */
  readonly isOpen: boolean;
}

/** The rules that are about the caller are sorted out once. A rule that may deny, as far as the token tells, counts as one that does. */
export function reachOf({ allowRules, denyRules }: Policy, caller: Caller): Reach {
  const asker = requestBy(caller);
  const allow = allowRules.filter(({ requester }) => requester(asker) === true);
  const deny = denyRules.filter(({ requester }) => requester(asker) !== false);

  const isSource = (resource: ResourceId): boolean => {
    const request = { ...asker, source: segmentsOf(formatResourceId(resource)) };
    const barring = deny.filter(({ source }) => source(request) === true);
    return allow.some((rule) => rule.source(request) === true && !isBarred(rule, barring));
  };

  const isDestination = (place: Side): boolean =>
    targetPortsOf(place).every((targetPort) => leadsTo({ ...asker, ...targetPort }, targetPort, allow, deny));

  const mayKnow = (address: string, of: ResourceId): boolean => {
    const target = targetOf(address);
    if (!target || isNeverTested(target)) return false;
    const request = { ...asker, target, source: segmentsOf(formatResourceId(of)) };
    return !deny.some(
      ({ source, destination, written }) =>
        (isAnything(written.sources) || source(request) === true) &&
        destination(request) === true &&
        wayCovered({}, written),
    );
  };

  return { isSource, isDestination, mayKnow, isOpen: allow.length > 0 };
}

/** Whether rules that deny leave nothing of what the rule allows, as far as their entries show it. */
export const isBarred = ({ written }: Rule, barring: readonly Rule[]): boolean =>
  (isAnything(written.destinations) ? ['**'] : (written.destinations ?? [])).every((entry) =>
    barring.some(({ written: by }) => entryCovered(entry, by.destinations) && wayCovered(written, by)),
  );

function leadsTo(
  request: AccessRequest,
  { target }: TargetPort,
  allow: readonly Rule[],
  deny: readonly Rule[],
): boolean {
  if (isNeverTested(target)) return false;
  const barring = deny.filter(({ destination }) => destination(request) === true);
  return allow.some(
    (rule) =>
      rule.destination(request) !== false &&
      rule.port(request) !== false &&
      !barring.some(
        ({ port, written: by }) =>
          entriesCovered(rule.written.sources, by.sources) &&
          (port(request) === true
            ? wayCovered({ protocols: rule.written.protocols }, { ...by, ports: undefined })
            : wayCovered(rule.written, by)),
      ),
  );
}
