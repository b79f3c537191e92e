import type { Decision } from '../contract/decision.ts';
import type { Caller } from '../contract/requester.ts';
import type { Policy } from './policy.ts';

/**
 * What of the caller's token a decision was made of: their roles, and of their groups those that the policy names. That
 * somebody is in none of them is an empty list: where there is no list, the token does not tell.
 */
export function grantsOf(
  { groups: named }: Policy,
  { roles, groups, groupsOverage }: Caller,
): Pick<Decision, 'roles' | 'groups'> {
  const looked = groups.filter((group) => named.has(group.toLowerCase()));
  return { ...(roles.length > 0 && { roles }), ...(named.size > 0 && !groupsOverage && { groups: looked }) };
}
