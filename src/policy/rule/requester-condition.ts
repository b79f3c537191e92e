import { type Condition, anything, type Match } from './condition.ts';
import type { RuleDocument } from '../document/policy-document.ts';

type Requesters = NonNullable<RuleDocument['requesters']>;

/** Whom a rule binds: those it is about, without those it excepts. */
export function bindsRequester({ requesters, except }: Pick<RuleDocument, 'requesters' | 'except'>): Condition {
  const [meant, excepted] = [requesterCondition(requesters), except && requesterCondition(except)];
  if (!excepted) return meant;
  return (request) => both(meant(request), not(excepted(request)));
}

const not = (match: Match): Match => (typeof match === 'boolean' ? !match : match);
const both = (one: Match, other: Match): Match => (one === true || other === false ? other : one);

/** Who asks: every member given must match. Where the token lists too many groups, whether a group matches is open. */
function requesterCondition(requesters: Requesters | undefined): Condition {
  if (!requesters) return anything;
  const { roles, via } = requesters;
  const ids = requesters.ids?.map((id) => id.toLowerCase());
  const groups = requesters.groups?.map((group) => group.toLowerCase());
  return ({ subject }) => {
    if (ids?.includes(subject.id) === false || via?.some((door) => door === subject.via) === false) return false;
    if (roles?.some((role) => subject.roles.has(role)) === false) return false;
    if (!groups) return true;
    return subject.groupsOverage ? 'groups' : groups.some((group) => subject.groups.has(group));
  };
}
