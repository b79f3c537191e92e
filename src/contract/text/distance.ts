/** How many letters must be put in, taken out, exchanged or swapped with their neighbour to make one of the other. */
export function distance(one: string, other: string): number {
  const [letters, theirs] = [Array.from(one), Array.from(other)];
  let before: readonly number[] = [];
  let row: readonly number[] = [...theirs.keys(), theirs.length];
  for (const [done, letter] of letters.entries()) {
    const next = [done + 1];
    for (const [index, their] of theirs.entries()) {
      const [left = 0, above = 0, corner = 0] = [next[index], row[index + 1], row[index]];
      const isSwap = letter === theirs[index - 1] && their === letters[done - 1];
      const swapped = isSwap ? (before[index - 1] ?? 0) + 1 : Infinity;
      next.push(Math.min(left + 1, above + 1, corner + (letter === their ? 0 : 1), swapped));
    }
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}
