import type { Newest } from '../checkpoint/newest-checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import type { ChainDeps } from './read-chain.ts';
import { DAY_MILLISECONDS } from '../../contract/time.ts';
import type { Days } from './period.ts';
import { ON_TIME_CHECKPOINTS, ON_TIME_MILLISECONDS } from './lateness.ts';

type Deps = Omit<ChainDeps, 'faults'>;

/**
 * Numbers of the checkpoints that an honest proxy lists a period's events in, and of as many before it, so that it is
 * known how late they are: 48 hours and 48 checkpoints more on either side.
 */
export async function windowOf(
  deps: Deps,
  { head }: Pick<Newest, 'head'>,
  { first: firstDay, last: lastDay }: Days,
): Promise<{ readonly first: number; readonly last: number }> {
  const begin = Date.parse(firstDay);
  const low = (time: number) => firstSince(deps, head.number, time, 'later');
  const high = (time: number) => firstSince(deps, head.number, time, 'earlier');
  const before = [await low(begin - ON_TIME_MILLISECONDS), (await low(begin)) - ON_TIME_CHECKPOINTS];
  // One more: what is older than all that is read is late only if that spans more than the 48.
  const first = Math.max(1, Math.min(...before) - 1);
  if (lastDay === undefined) return { first, last: head.number };
  const end = Date.parse(lastDay) + DAY_MILLISECONDS - 1;
  const after = [await high(end + ON_TIME_MILLISECONDS), (await high(end)) + ON_TIME_CHECKPOINTS];
  return { first, last: Math.min(head.number, Math.max(...after)) };
}

/** The first checkpoint of that time or later. One that cannot be trusted counts as told, so that the window is the wider for it. */
async function firstSince(deps: Deps, last: number, time: number, untrusted: 'earlier' | 'later'): Promise<number> {
  let [low, high] = [1, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const opened = await openCheckpoint(deps.signatures, middle, await deps.checkpoints.read(middle));
    const isEarlier = 'checkpoint' in opened ? Date.parse(opened.checkpoint.time) < time : untrusted === 'earlier';
    if (isEarlier) low = middle + 1;
    else high = middle;
  }
  return low;
}
