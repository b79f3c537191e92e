import type { FaultList } from './verification.ts';

const HOUR_MILLISECONDS = 3_600_000;
/** An event is listed within minutes; an outage of the audit alone, which checkpoints outlive, is over by then. */
const LATE_MILLISECONDS = 48 * HOUR_MILLISECONDS;
/** Time without checkpoints is time in which the proxy stood still: no event could be listed, and of it no more counts. */
const MAX_GAP_MILLISECONDS = HOUR_MILLISECONDS;

/**
 * Tells of each checkpoint, oldest first, since when an event must be to be listed there in time; an earlier one was
 * passed over by 48 hours of checkpoints. '' while there are not that many.
 */
export function lateListings(): (time: string) => string {
  // The checkpoints of the last 48 hours in which the proxy did not stand still.
  const recent: { readonly time: string; readonly awake: number }[] = [];
  let lateBefore = '';
  return (time) => {
    const last = recent.at(-1);
    const gap = last ? Math.min(MAX_GAP_MILLISECONDS, Date.parse(time) - Date.parse(last.time)) : 0;
    const awake = (last?.awake ?? 0) + gap;
    recent.push({ time, awake });
    for (let first = recent[0]; first && awake - first.awake > LATE_MILLISECONDS; first = recent[0]) {
      lateBefore = first.time;
      recent.shift();
    }
    return lateBefore;
  };
}

/** Names an event that was listed late: it is there, and is what was listed, but nothing proves when it was written. */
export function reportLate(
  { listedAt, lateBefore }: { readonly listedAt: string; readonly lateBefore: string },
  time: string,
  place: string,
  faults: FaultList,
): void {
  if (time >= lateBefore) return;
  const hours = Math.floor((Date.parse(listedAt) - Date.parse(time)) / HOUR_MILLISECONDS);
  const detail = `It was listed ${hours} hours after its time: it was added later, or the audit was down, or the proxy paused.`;
  faults.add('late', place, detail);
}
