import type { Policy } from '../policy.ts';
import type { Target } from '../rule/target.ts';

/**
 * Whether any rule that denies names a place among its destinations, whoever that rule binds and whichever ports it is
 * about: the proxy itself goes there. A rule for all destinations names none.
 */
export function isDeniedPlace({ denyRules }: Pick<Policy, 'denyRules'>, target: Target): boolean {
  const request = { subject: nobody, source: [], target, port: undefined, protocol: undefined };
  return denyRules.some(
    ({ written: { destinations = ['**'] }, destination }) =>
      !destinations.includes('**') && destination(request) !== false,
  );
}

const nobody = {
  id: '',
  groups: new Set<string>(),
  groupsOverage: false,
  roles: new Set<string>(),
  via: 'http',
} as const;
