import type { Side } from '../../contract/request/side.ts';
import type { RuleDocument } from '../document/policy-document.ts';
import { destinationCondition } from '../rule/destination-condition.ts';
import type { Target } from '../rule/target.ts';

const nobody = {
  id: '',
  groups: new Set<string>(),
  groupsOverage: false,
  roles: new Set<string>(),
  via: 'http',
} as const;

/**
 * Whether any rule that denies names a place among its destinations, whoever that rule binds and whichever ports it is
 * about: the proxy itself goes there. A rule for all destinations names none.
 */
export function deniedPlaces(
  rules: readonly RuleDocument[],
  endpoints: ReadonlyMap<string, Side>,
): (target: Target) => boolean {
  const named = rules
    .filter(({ effect }) => effect === 'deny')
    .flatMap(({ destinations = [] }) => destinations.filter((entry) => entry !== '**'));
  const within = destinationCondition(named, 'deny', endpoints);
  return (target) => within({ subject: nobody, source: [], target, port: undefined, protocol: undefined }) !== false;
}
