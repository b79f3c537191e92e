import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLimitWaits } from '../../src/check/limit-waits.ts';

it('lets as many waits of one key go on at once as it may have, whatever begins and ends in which order', async () => {
  const wishes = fc.array(fc.record({ key: fc.constantFrom('alice', 'bob'), isBeginning: fc.boolean() }), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(wishes, fc.integer({ min: 1, max: 4 }), async (steps, most) => {
      const limitWaits = createLimitWaits(most);
      const held: Record<string, (() => void)[]> = { alice: [], bob: [] };
      for (const { key, isBeginning } of steps) {
        const mine = held[key]!;
        if (!isBeginning) {
          mine.shift()?.();
          // The wait that ended has to give its place back.
          await new Promise((resolve) => setImmediate(resolve));
          continue;
        }
        const before = mine.length;
        const wait = () => new Promise<void>((resolve) => mine.push(resolve));
        const outcome = limitWaits(key, wait);
        if (before < most) expect(mine).toHaveLength(before + 1);
        else expect(await outcome).toBeUndefined();
      }
    }),
  );
});

it('gives the place of a wait that failed to the next', async () => {
  const limitWaits = createLimitWaits(1);
  await expect(limitWaits('alice', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await limitWaits('alice', () => Promise.resolve('fine'))).toBe('fine');
});
