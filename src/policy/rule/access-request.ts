import type { Protocol } from '../../arm/connectivity-parameters.ts';
import type { Segments } from '../../arm/resource-id.ts';
import type { Caller, Via } from '../../contract/requester.ts';
import type { Flow } from './flow.ts';
import type { Target, TargetPort } from './target.ts';

/** The caller as rules look at it; ids in lower case. */
export interface Subject {
  readonly id: string;
  readonly groups: ReadonlySet<string>;
  readonly groupsOverage: boolean;
  /** What they may use: of what allows. */
  readonly roles: ReadonlySet<string>;
  /** With those that the way in does not carry: of what restricts. */
  readonly heldRoles: ReadonlySet<string>;
  readonly via: Via;
}

/** One thing that the policy is asked. A request can ask several: each must be allowed, and none denied. */
export interface AccessRequest extends TargetPort {
  readonly subject: Subject;
  readonly source: Segments;
  readonly protocol: Protocol | undefined;
}

function subjectOf({ requester, groups, groupsOverage, roles, withheldRoles = [] }: Caller): Subject {
  return {
    id: requester.id.toLowerCase(),
    groups: new Set(groups.map((group) => group.toLowerCase())),
    groupsOverage,
    roles: new Set(roles),
    heldRoles: new Set([...roles, ...withheldRoles]),
    via: requester.via,
  };
}

const nowhere: Target = { kind: 'resource', id: [] };
const nobody: Subject = {
  ...{ id: '', groups: new Set(), groupsOverage: false, via: 'http' },
  ...{ roles: new Set(), heldRoles: new Set() },
};

/** What is asked where only who asks is known: for what rules say of requesters. */
export const requestBy = (caller: Caller): AccessRequest => ({
  ...{ subject: subjectOf(caller), source: [], target: nowhere },
  ...{ port: undefined, protocol: undefined },
});

/** What is asked where only the target is known: for what entries say of destinations, whoever asks. */
export const requestTo = (target: Target): AccessRequest => ({
  ...{ subject: nobody, source: [], target },
  ...{ port: undefined, protocol: undefined },
});

export function accessRequestsOf(caller: Caller, { source, targets, protocol }: Flow): readonly AccessRequest[] {
  const subject = subjectOf(caller);
  return targets.map((target) => ({ subject, source, protocol, ...target }));
}
