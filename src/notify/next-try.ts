import { secondsAfter } from '../contract/time.ts';

const FIRST_SECONDS = 20;
const LONGEST_SECONDS = 3 * 3600;
/** From the end on. */
const GIVE_UP_SECONDS = 24 * 3600;

/**
 * When a message is tried again that was tried so often: after about 20 s, 80 s, 5 min, 21 min, 85 min, then every three
 * hours, each a quarter more or less, so that messages that failed together do not return together. `undefined`: a day
 * is over, and it is given up.
 */
export function nextTry(now: Date, endedAt: Date, attempts: number, random: () => number): Date | undefined {
  const interval = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 4 ** Math.min(attempts - 1, 10));
  const next = secondsAfter(now, interval * (0.75 + random() / 2));
  return next <= secondsAfter(endedAt, GIVE_UP_SECONDS) ? next : undefined;
}
