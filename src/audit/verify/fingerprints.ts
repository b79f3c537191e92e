import { hash } from 'node:crypto';

const BYTES = 6;

/**
 * Six bytes of a salted hash of each text: with a salt of its own in each run nobody can look for a text that would be
 * taken for another, and of a million texts one that was changed passes unseen once in some 300 million runs.
 */
export function fingerprints(salt: string) {
  let values = new Float64Array(1024);
  let size = 0;
  return {
    add(text: string): void {
      if (size === values.length) {
        const grown = new Float64Array(2 * size);
        grown.set(values);
        values = grown;
      }
      values[size++] = fingerprintOf(salt, text);
    },
    sorted: (): Float64Array => values.subarray(0, size).sort(),
  };
}

/** In a string of bytes: of all forms of a hash it is made fastest. */
export function fingerprintOf(salt: string, text: string): number {
  const bytes = hash('sha256', salt + text, 'binary');
  let value = 0;
  for (let i = 0; i < BYTES; i++) value = value * 256 + bytes.charCodeAt(i);
  return value;
}

/** What is in one of two sorted lists and not in the other; what is in a list twice is in it once. */
export function differing(a: Float64Array, b: Float64Array): Set<number> {
  const found = new Set<number>();
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const [left, right] = [a[i] ?? Infinity, b[j] ?? Infinity];
    const least = Math.min(left, right);
    if (left !== right) found.add(least);
    while (a[i] === least) i++;
    while (b[j] === least) j++;
  }
  return found;
}
