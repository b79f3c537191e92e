import type { Checkpoint } from './checkpoint.ts';

const HOUR_MILLISECONDS = 3_600_000;
/** An event is listed within minutes; an outage of the audit alone, which checkpoints outlive, is over by then. */
export const LATE_MILLISECONDS = 48 * HOUR_MILLISECONDS;
/** Time without checkpoints is time in which the proxy stood still: no event could be listed, and of it no more counts. */
const MAX_GAP_MILLISECONDS = HOUR_MILLISECONDS;

/** When an event was listed first, and since when it must be to be listed there in time. */
export interface ListedAt {
  readonly listedAt: string;
  readonly lateBefore: string;
}

/** Knows of checkpoints, given oldest first, which events came to them late. */
export function lateListings() {
  // The checkpoints of the last 48 hours in which the proxy did not stand still.
  const recent: { readonly time: string; readonly awake: number }[] = [];
  /** More than an hour without a checkpoint, and all time before the first; in milliseconds. */
  const gaps: { readonly from: number; readonly to: number; readonly words: string }[] = [];
  let lateBefore = '';

  /** Takes in the next one, and answers since when an event must be: an earlier one was passed over by 48 hours of checkpoints. */
  function pass({ sequence, time }: Pick<Checkpoint, 'sequence' | 'time'>): string {
    const last = recent.at(-1);
    const gap = last ? Date.parse(time) - Date.parse(last.time) : 0;
    if (last && gap > MAX_GAP_MILLISECONDS)
      gaps.push({ from: Date.parse(last.time), to: Date.parse(time), words: `from ${last.time} to ${time}` });
    else if (sequence === 1) gaps.push({ from: -Infinity, to: Date.parse(time), words: `before ${time}` });
    const awake = (last?.awake ?? 0) + Math.min(MAX_GAP_MILLISECONDS, gap);
    recent.push({ time, awake });
    for (let first = recent[0]; first && awake - first.awake > LATE_MILLISECONDS; first = recent[0]) {
      lateBefore = first.time;
      recent.shift();
    }
    return lateBefore;
  }

  /**
   * Why an event of that time was listed late; `undefined` where it was not. A proxy that lives makes checkpoints, and
   * one that stands still has no events: one from amid a gap came while checkpoints did not, or they were there once.
   */
  function whyLate(listed: ListedAt, time: string): string | undefined {
    const [at, passed] = [Date.parse(time), Date.parse(listed.listedAt) - Date.parse(time)];
    if (passed <= HOUR_MILLISECONDS) return undefined;
    const gap = gaps.find(({ from, to }) => at - from > MAX_GAP_MILLISECONDS && at < to);
    if (gap)
      return `No checkpoint was made ${gap.words}, while the proxy had events: sealing was down, or checkpoints were taken away.`;
    if (time >= listed.lateBefore) return undefined;
    const hours = Math.floor(passed / HOUR_MILLISECONDS);
    return `It was listed ${hours} hours after its time: it was added later, or the audit was down, or the proxy paused.`;
  }

  return { pass, whyLate };
}
