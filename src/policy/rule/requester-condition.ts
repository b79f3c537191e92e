import { type Condition, anything } from './condition.ts';
import type { RuleDocument } from '../document/policy-document.ts';

type Requesters = NonNullable<RuleDocument['requesters']>;

/** Who asks: every member given must match. Where the token lists too many groups, whether a group matches is open. */
export function requesterCondition(requesters: Requesters | undefined): Condition {
  if (!requesters) return anything;
  const { roles, via } = requesters;
  const ids = requesters.ids?.map((id) => id.toLowerCase());
  const groups = requesters.groups?.map((group) => group.toLowerCase());
  return ({ subject }) => {
    if (ids?.includes(subject.id) === false || via?.includes(subject.via) === false) return false;
    if (roles?.some((role) => subject.roles.has(role)) === false) return false;
    if (!groups) return true;
    return subject.groupsOverage ? 'groups' : groups.some((group) => subject.groups.has(group));
  };
}
