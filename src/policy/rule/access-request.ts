import type { ConnectivityParameters, Protocol } from '../../arm/connectivity-parameters.ts';
import type { Caller, Via } from '../../contract/requester.ts';
import { parseResourceId } from '../../arm/resource-id.ts';
import { type Segments, segmentsOf } from '../pattern/resource-pattern.ts';
import { type TargetPort, targetPortsOf } from './target.ts';

/** The caller as rules look at it; ids in lower case. */
export interface Subject {
  readonly id: string;
  readonly groups: ReadonlySet<string>;
  readonly groupsOverage: boolean;
  readonly roles: ReadonlySet<string>;
  readonly via: Via;
}

/** One thing that the policy is asked. A request can ask several: each must be allowed, and none denied. */
export interface AccessRequest extends TargetPort {
  readonly subject: Subject;
  readonly source: Segments;
  readonly protocol: Protocol | undefined;
}

export function subjectOf({ requester, groups, groupsOverage, roles }: Caller): Subject {
  return {
    id: requester.id.toLowerCase(),
    groups: new Set(groups.map((group) => group.toLowerCase())),
    groupsOverage,
    roles: new Set(roles),
    via: requester.via,
  };
}

/** What the request asks; nothing where an id or address of it cannot be read, which no rule may then allow. */
export function accessRequestsOf(caller: Caller, request: ConnectivityParameters): readonly AccessRequest[] {
  const { source, destination, protocol } = request;
  if (!parseResourceId(source.resourceId)) return [];
  const from = { subject: subjectOf(caller), source: segmentsOf(source.resourceId), protocol };
  return targetPortsOf(destination).map((aim) => ({ ...from, ...aim }));
}
