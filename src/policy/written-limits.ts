import type { Limits } from './policy.ts';

/** The limits that a policy or a rule sets, without their comment; `undefined` where it sets none. */
export function writtenLimits({ requestsPerMinute, active, portsPerHour }: Limits = {}): Limits | undefined {
  const limits = { requestsPerMinute, active, portsPerHour };
  return Object.values(limits).some((limit) => limit !== undefined) ? limits : undefined;
}
