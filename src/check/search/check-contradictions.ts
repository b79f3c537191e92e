import { type Status, statusSchema } from '../../contract/check.ts';
import { type FieldError, problemCodes } from '../../contract/problem.ts';
import { type Reachability, reachabilitySchema } from '../../contract/verdict.ts';
import { failureAdvice } from '../state/failure-advice.ts';
import type { CheckFilter, Outcome } from '../ports/check-list.ts';

/** A way in which a check can stand, as filters see it. */
interface Standing {
  readonly status: Status;
  readonly reachability?: Reachability;
  readonly outcome?: Outcome;
}

const standings: readonly Standing[] = [
  ...statusSchema.exclude(['Succeeded', 'Failed']).options.map((status) => ({ status })),
  { status: 'Failed', outcome: 'notReachable' },
  ...reachabilitySchema.options.map((reachability) => ({
    ...{ status: 'Succeeded' as const, reachability },
    outcome: outcomeOf(reachability),
  })),
];

export function outcomeOf(reachability: Reachability): Outcome {
  return reachability === 'Reachable' ? 'reachable' : 'notReachable';
}

/** Codes that a check can fail with. */
export const failureCodes = problemCodes.filter((code) => code in failureAdvice);

/** What no check can be: running and unreachable, failed and reachable. */
export function checkContradictions(filter: CheckFilter): FieldError[] {
  const given = [
    { name: 'status', asked: filter.statuses, holds: ({ status }: Standing) => filter.statuses?.includes(status) },
    {
      name: 'reachability',
      asked: filter.reachabilities,
      holds: ({ reachability }: Standing) => reachability && filter.reachabilities?.includes(reachability),
    },
    { name: 'outcome', asked: filter.outcome, holds: ({ outcome }: Standing) => outcome === filter.outcome },
    { name: 'code', asked: filter.codes, holds: ({ status }: Standing) => status === 'Failed' },
  ].filter(({ asked }) => asked !== undefined);
  if (standings.some((standing) => given.every(({ holds }) => holds(standing)))) return [];
  const names = given.map(({ name }) => name);
  return names.map((target) => ({
    code: 'InvalidValue',
    message: `No check is all that ${names.join(' and ')} say together: a reachability has what Succeeded, a code what Failed.`,
    target,
  }));
}
