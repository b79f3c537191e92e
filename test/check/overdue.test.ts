import { describe, expect, it } from 'vitest';
import { overdueBefore } from '../../src/check/overdue.ts';
import { nextSweepDue } from '../../src/check/sweep.ts';

const now = new Date('2026-03-01T10:00:00.000Z');
const secondsFromNow = (time: Date): number => (time.getTime() - now.getTime()) / 1000;

describe('a check that nothing moves', () => {
  it('is overdue 30 s after it was due', () => {
    expect(secondsFromNow(overdueBefore(now))).toBe(-30);
  });

  it('is overdue again after 1, 2, 4 … 30 minutes, and never later', () => {
    const minutes = [0, 1, 2, 3, 4, 5, 6, 1000].map((sweeps) => {
      const due = nextSweepDue(now, sweeps);
      let seconds = 0;
      while (due >= overdueBefore(new Date(now.getTime() + seconds * 1000))) seconds += 1;
      return (seconds - 1) / 60;
    });
    expect(minutes).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
  });
});
