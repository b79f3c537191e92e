import type { Policy } from '../policy.ts';
import { requestTo } from '../rule/access-request.ts';
import type { Target } from '../rule/target.ts';

/**
 * Whether any rule that denies names a place among its destinations, whoever that rule binds and whichever ports it is
 * about: the proxy itself goes there. A rule for all destinations names none.
 */
export function isDeniedPlace({ denyRules }: Pick<Policy, 'denyRules'>, target: Target): boolean {
  const request = requestTo(target);
  return denyRules.some(
    ({ written: { destinations = ['**'] }, destination }) =>
      !destinations.includes('**') && destination(request) !== false,
  );
}
