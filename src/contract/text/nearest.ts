import { distance } from './distance.ts';

/** Of the known words the one that a mistyped word was probably meant to be; none where nothing is near. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  const byDistance = known.map((each) => ({ each, far: distance(each.toLowerCase(), word) }));
  const near = byDistance.filter(({ far }) => far <= Math.min(2, word.length / 2));
  return near.toSorted((a, b) => a.far - b.far)[0]?.each;
}
