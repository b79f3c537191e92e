import type { PastRequest } from './limits.ts';
import type { Limits, Policy } from './policy.ts';
import { writtenLimits } from './written-limits.ts';

interface LimitsUnder {
  readonly limits: Limits;
  /** Whether a request that was made before counts toward them. */
  readonly counts: (past: Pick<PastRequest, 'rule'>) => boolean;
}

/**
 * The limits of a request that a rule allows. A rule with limits of its own counts what it allowed and nothing else, so
 * that a pipeline's checks leave a person's quota alone. A limit that it does not name is as in the general ones: who
 * gives a fleet more checks at once does not take away its limit of ports. Without such a rule the general limits hold,
 * for all that is not counted there.
 */
export function limitsUnder(policy: Policy, rule: string | undefined): LimitsUnder {
  const own = ownLimits(policy, rule);
  if (!own) return { limits: policy.limits, counts: (past) => !ownLimits(policy, past.rule) };
  const { requestsPerMinute, active, portsPerHour } = policy.limits;
  return {
    limits: {
      requestsPerMinute: own.requestsPerMinute ?? requestsPerMinute,
      active: own.active ?? active,
      portsPerHour: own.portsPerHour ?? portsPerHour,
    },
    counts: (past) => past.rule === rule,
  };
}

const ownLimits = ({ allowRules }: Policy, rule: string | undefined): Limits | undefined =>
  writtenLimits(allowRules.find(({ written }) => written.id === rule)?.written.limits);
