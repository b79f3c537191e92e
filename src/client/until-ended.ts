import { waitIn } from '../arm/retry-after.ts';
import { objectOf } from './answer.ts';
import type { Send } from './send.ts';
import type { World } from './world.ts';

/** Nearly every check ends within it, and few connections are cut before. */
const HOLD_SECONDS = 90;
const SHORTEST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 30;

/** Asks, by answers that are held, until what is at the path has ended. */
export async function untilEnded<T extends object>(
  { send, sleep, now }: World & { readonly send: Send },
  path: string,
  hasEnded: (state: T) => boolean,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (;;) {
    const answer = await send({ method: 'GET', path, wait: HOLD_SECONDS, signal });
    const state = objectOf<T>(answer);
    if (hasEnded(state)) return state;
    await sleep(pauseAfter(answer.headers, now()) * 1000, signal);
  }
}

/** An answer that was held has waited already; one that was not says when to look again. */
function pauseAfter(headers: Headers, now: Date): number {
  if (headers.has('preference-applied')) return SHORTEST_PAUSE_SECONDS;
  return Math.min(LONGEST_PAUSE_SECONDS, waitIn(headers, now) ?? SHORTEST_PAUSE_SECONDS);
}
