/** Two places of a path that are one, one that is gone, or one that is new. */
export interface Pair<T> {
  readonly before?: T;
  readonly after?: T;
}

/** Paths have some ten hops; two that are long and have little in common are not aligned, but told one after the other. */
const MOST_STEPS = 1_000_000;

/**
 * Both lists as one: as many of their items as can be are paired with the same of the other, in order (a longest common
 * subsequence).
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  same: (one: T, other: T) => boolean,
): readonly Pair<T>[] {
  const start = commonStart(before, after, same);
  const rest = [before.slice(start), after.slice(start)] as const;
  const end = commonStart(rest[0].toReversed(), rest[1].toReversed(), same);
  const middle = [rest[0].slice(0, rest[0].length - end), rest[1].slice(0, rest[1].length - end)] as const;
  return [
    ...together(before.slice(0, start), after),
    ...alignMiddle(...middle, same),
    ...together(before.slice(before.length - end), after.slice(after.length - end)),
  ];
}

function commonStart<T>(one: readonly T[], other: readonly T[], same: (one: T, other: T) => boolean): number {
  const first = one.findIndex((item, index) => {
    const theirs = other[index];
    return theirs === undefined || !same(item, theirs);
  });
  return first === -1 ? one.length : first;
}

const together = <T>(before: readonly T[], after: readonly T[]): Pair<T>[] =>
  before.map((item, index) => ({ before: item, ...withAfter(after[index]) }));

const withAfter = <T>(after: T | undefined): Pair<T> => (after === undefined ? {} : { after });

function alignMiddle<T>(before: readonly T[], after: readonly T[], same: (one: T, other: T) => boolean): Pair<T>[] {
  const apart = [...before.map((item) => ({ before: item })), ...after.map((item) => ({ after: item }))];
  if (before.length * after.length > MOST_STEPS) return apart;
  const lengths = commonLengths(before, after, same);
  const lengthAt = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  const pairs: Pair<T>[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, young] = [before[i], after[j]];
    if (old !== undefined && young !== undefined && same(old, young) && lengthAt(i, j) === lengthAt(i + 1, j + 1) + 1) {
      pairs.push({ before: old, after: young });
      [i, j] = [i + 1, j + 1];
    } else if (old !== undefined && (young === undefined || lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      pairs.push({ before: old });
      i++;
    } else if (young !== undefined) {
      pairs.push({ after: young });
      j++;
    }
  }
  return pairs;
}

/** At `[i][j]`: how long the longest common subsequence of what begins there is. */
function commonLengths<T>(
  before: readonly T[],
  after: readonly T[],
  same: (one: T, other: T) => boolean,
): readonly (readonly number[])[] {
  const rows: number[][] = [Array.from({ length: after.length + 1 }, () => 0)];
  for (const old of before.toReversed()) {
    const below = rows[0] ?? [];
    const row = Array.from({ length: after.length + 1 }, () => 0);
    for (let j = after.length - 1; j >= 0; j--) {
      const young = after[j];
      const paired = young !== undefined && same(old, young) ? (below[j + 1] ?? 0) + 1 : 0;
      row[j] = Math.max(paired, below[j] ?? 0, row[j + 1] ?? 0);
    }
    rows.unshift(row);
  }
  return rows;
}
