import type { Caller } from '../../contract/requester.ts';
import type { Policy } from '../policy.ts';

/**
 * Ids of the rules whose checks a group of the caller's may read, whoever asked for them. A token that has too many
 * groups to carry them opens none.
 */
export function visibleRules({ allowRules }: Policy, { groups, groupsOverage }: Caller): readonly string[] {
  if (groupsOverage) return [];
  const own = new Set(groups.map((group) => group.toLowerCase()));
  const isVisible = (visibleTo: readonly string[] = []): boolean =>
    visibleTo.some((group) => own.has(group.toLowerCase()));
  return allowRules.flatMap(({ written }) => (isVisible(written.visibleTo) ? [written.id] : []));
}
