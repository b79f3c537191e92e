import type { Pending, SealState } from './seal-state.ts';

/** One checkpoint lists so many, or up to twice as many. */
const MAX_EVENTS = 5000;
const FIRST = '';
const LAST = '~';

/**
 * All pending events, some at a time, by key from a point on and then up to it. With another point in each run those that
 * do not come keep no other waiting, however many there are.
 */
export async function* allPending(
  { pending }: Pick<SealState, 'pending'>,
  point: string,
): AsyncGenerator<readonly Pending[]> {
  let batch: Pending[] = [];
  for (const [begin, end] of [
    [point, LAST],
    [FIRST, point],
  ] as const) {
    let found: readonly Pending[];
    let after: string = begin;
    do {
      found = await pending(MAX_EVENTS, after, end);
      batch.push(...found);
      after = found.at(-1)?.key ?? after;
      if (batch.length < MAX_EVENTS) continue;
      yield batch;
      batch = [];
    } while (found.length === MAX_EVENTS);
  }
  if (batch.length > 0) yield batch;
}
