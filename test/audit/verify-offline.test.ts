import { describe, expect, it } from 'vitest';
import { endsOf } from '../../scripts/audit/verify-offline.ts';

describe('offline verification', () => {
  it('bears years of checkpoints', () => {
    const numbers = Array.from({ length: 500_000 }, (_, i) => 500_000 - i);
    expect(endsOf(numbers)).toEqual([1, 500_000]);
    expect(() => Math.min(...numbers)).toThrow(RangeError);
  });
});
