import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBackOff } from '../../../../stand-ins/host/queue/back-off.ts';

test('waits double from the first to the longest, give or take a fifth, and start anew after a reset', () => {
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 60_000 }),
      share,
      (first, longest, part) => {
        const backOff = createBackOff({ first, longest, random: () => part });
        const waits = Array.from({ length: 40 }, () => backOff.next());
        const most = Math.max(first, longest);
        expect(waits[0]).toBe(first);
        expect(waits).toEqual(waits.toSorted((a, b) => a - b));
        expect(waits[39]).toBe(most);
        for (const [index, wait] of waits.entries()) {
          if (index === 0 || wait === most) continue;
          expect((wait - first) / (first * 2 ** (index - 1))).toBeCloseTo(0.8 + 0.4 * part, 6);
        }
        backOff.reset();
        expect(backOff.next()).toBe(first);
      },
    ),
  );
});
