import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lanesOf, widthOf } from '../../src/page/views/check/path/lanes.ts';
import { numRuns } from '../support/run/num-runs.ts';

describe('The line beside a path', () => {
  it('is straight where the path is', () => {
    expect(widthOf(lanesOf([[1], [2], []]))).toBe(1);
    expect(lanesOf([[1], [2], []])).toEqual([
      { column: 0, into: [], past: [], out: [0] },
      { column: 0, into: [0], past: [], out: [0] },
      { column: 0, into: [0], past: [], out: [] },
    ]);
  });

  it('parts and meets again where the path does', () => {
    expect(widthOf(lanesOf([[1, 2], [3], [3], []]))).toBe(2);
    expect(lanesOf([[1, 2], [3], [3], []])).toEqual([
      { column: 0, into: [], past: [], out: [0, 1] },
      { column: 0, into: [0], past: [1], out: [0] },
      { column: 1, into: [1], past: [0], out: [0] },
      { column: 0, into: [0], past: [], out: [] },
    ]);
  });

  it('leads from each place to each that it goes to below, whatever the path is', () => {
    const paths = fc.nat({ max: 12 }).chain((count) =>
      fc.array(fc.uniqueArray(fc.nat({ max: Math.max(0, count - 1) }), { maxLength: 4 }), {
        minLength: count,
        maxLength: count,
      }),
    );
    fc.assert(
      fc.property(paths, (next) => {
        const rows = lanesOf(next);
        // Followed line by line, as an eye does.
        const held = new Map<number, Set<string>>();
        const seen = new Set<string>();
        rows.forEach(({ column, into, past, out }, place) => {
          expect([...into, ...past].toSorted()).toEqual([...held.keys()].toSorted());
          expect(past.includes(column)).toBe(false);
          for (const each of into) {
            for (const from of held.get(each) ?? []) seen.add(`${from} ${place}`);
            held.delete(each);
          }
          for (const each of out) held.set(each, new Set([...(held.get(each) ?? []), String(place)]));
        });
        expect(held.size).toBe(0);
        const wanted = next.flatMap((targets, place) =>
          targets.filter((to) => to > place).map((to) => `${place} ${to}`),
        );
        expect([...seen].toSorted()).toEqual(wanted.toSorted());
      }),
      { numRuns: numRuns(500) },
    );
  });
});
