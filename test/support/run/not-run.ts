import { it } from 'vitest';

/** Says aloud, and counts as skipped, what cannot be tried on this machine. */
export function notRun(what: string, howToRunIt: string): void {
  console.warn(`not run: ${what}. ${howToRunIt}`);
  it.skip(`not run: ${what}`);
}
