/** How many letters must be put in, taken out or exchanged to make one of the other (Levenshtein). */
export function distance(one: string, other: string): number {
  let row = Array.from(`${other} `, (_, index) => index);
  for (const [done, letter] of Array.from(one).entries()) {
    const next = [done + 1];
    for (const [index, theirs] of Array.from(other).entries()) {
      const [left = 0, above = 0, corner = 0] = [next[index], row[index + 1], row[index]];
      next.push(Math.min(left + 1, above + 1, corner + (letter === theirs ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
