import type { Checkpoint, CheckpointEntry, Head } from '../checkpoint/checkpoint.ts';
import { type Days, isOfDays } from './period.ts';
import type { Gap } from './verification.ts';

const HOUR_MILLISECONDS = 3_600_000;
/**
 * An event is listed within minutes. An outage of the audit alone, which checkpoints outlive, is over by then; while the
 * proxy stands still no time passes, so as many checkpoints must have passed it over, too.
 */
export const ON_TIME_MILLISECONDS = 48 * HOUR_MILLISECONDS;
export const ON_TIME_CHECKPOINTS = 48;

/** What of a checkpoint is kept. */
type Moment = Pick<Checkpoint, 'time' | 'previous' | 'lost'>;

export interface LateEntry {
  readonly entry: CheckpointEntry;
  /** Of the checkpoint that lists it. */
  readonly listedAt: string;
  readonly why: string;
}

/** Takes in checkpoints, newest first. In the end it knows which events bear another time than that at which they came. */
export function lateness() {
  const moments: Moment[] = [];
  const suspects: { readonly entry: CheckpointEntry; readonly index: number }[] = [];

  return {
    add({ time, previous, lost, events }: Moment & Pick<Checkpoint, 'events'>): void {
      for (const entry of events)
        if (Math.abs(Date.parse(time) - Date.parse(entry[0])) > HOUR_MILLISECONDS)
          suspects.push({ entry, index: moments.length });
      moments.push({ time, previous, lost });
    },

    late(): LateEntry[] {
      const last = moments.length - 1;
      const chain = moments.toReversed();
      const times = believableTimes(chain.map(({ time }) => Date.parse(time)));
      return suspects.flatMap(({ entry, index }) => {
        const [at, listed] = [Date.parse(entry[0]), last - index];
        const why = whyLate(chain, times, at, listed);
        return why === undefined ? [] : [{ entry, listedAt: chain[listed]?.time ?? '', why }];
      });
    },

    /** Notes of a newest checkpoint that were not found to be true. */
    lost: (days: Days): Head[] => moments.flatMap(({ time, lost }) => (lost && isOfDays(days, time) ? [lost] : [])),

    /** Between two neighbours, as far as the days have something of it. */
    gaps(days: Days): Gap[] {
      const chain = moments.toReversed();
      return chain.flatMap(({ time: to }, i) => {
        const from = chain[i - 1]?.time;
        if (from === undefined || Math.abs(Date.parse(to) - Date.parse(from)) <= HOUR_MILLISECONDS) return [];
        const [earlier = '', later = ''] = [from, to].toSorted();
        const isConcerned =
          later.slice(0, 10) >= days.first && (days.last === undefined || earlier.slice(0, 10) <= days.last);
        return isConcerned ? [{ from, to }] : [];
      });
    },
  };
}

/** No checkpoint is newer than those after it: what a clock that was ahead wrote says nothing of the others. */
function believableTimes(times: readonly number[]): number[] {
  const believable: number[] = [];
  let least = Infinity;
  for (const time of times.toReversed()) believable.push((least = Math.min(least, time)));
  return believable.reverse();
}

/** Why an event of the time `at` came late to the checkpoint of the index `listed`; `undefined` where it did not. */
function whyLate(chain: readonly Moment[], times: readonly number[], at: number, listed: number): string | undefined {
  const listedAt = times[listed] ?? Infinity;
  const hours = Math.floor(Math.abs(listedAt - at) / HOUR_MILLISECONDS);
  if (at - listedAt > HOUR_MILLISECONDS) return `Its time is ${hours} hours after it was listed: a clock was ahead.`;
  if (listedAt - at <= HOUR_MILLISECONDS) return undefined;
  const first = firstAfter(times, at);
  const before = times[first - 1];
  // A proxy that lives makes checkpoints, and one that stands still has no events.
  if (before !== undefined ? at - before > HOUR_MILLISECONDS : chain[0]?.previous.number === 0) {
    const begin = before === undefined ? 'before' : `from ${new Date(before).toISOString()} to`;
    const end = new Date(times[first] ?? listedAt).toISOString();
    return `No checkpoint was made ${begin} ${end}, while the proxy had events: sealing was down, or checkpoints were taken away.`;
  }
  if (listed - first <= ON_TIME_CHECKPOINTS || listedAt - (times[first] ?? 0) <= ON_TIME_MILLISECONDS) return undefined;
  return `It was listed ${hours} hours after its time: it was added later, or the audit was down, or the proxy paused.`;
}

/** Index of the first that is after the time: of an event of the same millisecond nobody knows which was first. */
function firstAfter(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((times[middle] ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
