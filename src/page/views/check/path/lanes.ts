/** How the line of a path runs beside one of its places. Columns count from the left. */
export interface Row {
  /** Column of the place itself. */
  readonly column: number;
  /** Columns of the lines that come from above into the place. */
  readonly into: readonly number[];
  /** Columns of the lines that pass it by. */
  readonly past: readonly number[];
  /** Columns that lines leave the place to, for places below. */
  readonly out: readonly number[];
}

/** Columns for a path whose places are drawn one below the other: `next` has, for each, the places that it leads to. */
export function lanesOf(next: readonly (readonly number[])[]): readonly Row[] {
  // To which place the line in each column leads.
  const lanes: (number | undefined)[] = [];
  return next.map((targets, place) => {
    const into = lanes.flatMap((target, column) => (target === place ? [column] : []));
    const column = into[0] ?? freeIn(lanes);
    const past = lanes.flatMap((target, each) => (target === undefined || target === place ? [] : [each]));
    for (const each of into) lanes[each] = undefined;
    const out = targets
      .filter((target) => target > place)
      .map((target) => {
        const joined = lanes.indexOf(target);
        if (joined >= 0) return joined;
        const own = lanes[column] === undefined ? column : freeIn(lanes);
        lanes[own] = target;
        return own;
      });
    return { column, into, past, out };
  });
}

/** How many columns all of them take. */
export const widthOf = (rows: readonly Row[]): number =>
  rows.reduce(
    (width, { column, past, out }) => Math.max(width, column + 1, ...[...past, ...out].map((each) => each + 1)),
    0,
  );

function freeIn(lanes: readonly (number | undefined)[]): number {
  const free = lanes.findIndex((target) => target === undefined);
  return free < 0 ? lanes.length : free;
}
