import { describe, expect, it } from 'vitest';
import { writtenLimits } from '../../src/policy/written-limits.ts';

describe('writtenLimits', () => {
  it('has the limits that are set, without their comment', () => {
    const written = { comment: 'for pipelines', active: 100 };
    expect(JSON.stringify(writtenLimits(written))).toBe('{"active":100}');
  });

  it('are none where nothing is set, or only a comment', () => {
    const commented = { comment: 'none yet', active: undefined };
    expect(writtenLimits(undefined)).toBeUndefined();
    expect(writtenLimits(commented)).toBeUndefined();
  });
});
