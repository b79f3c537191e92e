import { describe, expect, it } from 'vitest';
import { limitsUnder } from '../../src/policy/limits-under.ts';
import { policyOf } from './asking.ts';

const policy = policyOf(
  [
    { id: 'fleet', effect: 'allow', limits: { active: 50 } },
    { id: 'people', effect: 'allow' },
    { id: 'noted', effect: 'allow', limits: { comment: 'none yet' } },
  ],
  { limits: { active: 5, requestsPerMinute: 20 } },
);
const counted = (rule: string | undefined) =>
  ['fleet', 'people', 'noted', 'gone', undefined].filter((past) => limitsUnder(policy, rule).counts({ rule: past }));

describe('limits under a rule', () => {
  it('are its own, and the general ones where it names none', () => {
    expect(limitsUnder(policy, 'fleet').limits).toEqual({ active: 50, requestsPerMinute: 20 });
    for (const rule of ['people', 'noted', 'gone', undefined])
      expect(limitsUnder(policy, rule).limits).toEqual({ active: 5, requestsPerMinute: 20 });
  });

  it('count what the rule allowed alone; the general ones count everything else', () => {
    expect(counted('fleet')).toEqual(['fleet']);
    for (const rule of ['people', 'noted', undefined])
      expect(counted(rule)).toEqual(['people', 'noted', 'gone', undefined]);
  });
});
