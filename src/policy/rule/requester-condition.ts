import { type Condition, anything, type Match } from './condition.ts';
import type { RuleDocument } from '../document/policy-document.ts';

type Requesters = NonNullable<RuleDocument['requesters']>;

/** Whom a rule binds: those it is about, without those it excepts. What opens looks at fewer roles than what closes. */
export function bindsRequester({ requesters, except, effect }: Binding): Condition {
  const [ofAbout, ofExcept] = effect === 'deny' ? (['heldRoles', 'roles'] as const) : (['roles', 'heldRoles'] as const);
  const meant = requesterCondition(requesters, ofAbout);
  const excepted = except && requesterCondition(except, ofExcept);
  if (!excepted) return meant;
  return (request) => both(meant(request), not(excepted(request)));
}

type Binding = Pick<RuleDocument, 'requesters' | 'except'> & Partial<Pick<RuleDocument, 'effect'>>;

const not = (match: Match): Match => (typeof match === 'boolean' ? !match : match);
const both = (one: Match, other: Match): Match => (one === true || other === false ? other : one);

/** Who asks: every member given must match. Where the token lists too many groups, whether a group matches is open. */
function requesterCondition(requesters: Requesters | undefined, looked: 'roles' | 'heldRoles'): Condition {
  if (!requesters) return anything;
  const { roles, via } = requesters;
  const ids = requesters.ids?.map((id) => id.toLowerCase());
  const groups = requesters.groups?.map((group) => group.toLowerCase());
  return ({ subject }) => {
    if (ids?.includes(subject.id) === false || via?.some((door) => door === subject.via) === false) return false;
    if (roles?.some((role) => subject[looked].has(role)) === false) return false;
    if (!groups) return true;
    return subject.groupsOverage ? 'groups' : groups.some((group) => subject.groups.has(group));
  };
}
