import { overdueBefore } from '../../../src/check/overdue.ts';
import { nextSweepDue } from '../../../src/check/sweep.ts';

export type MemoryMarkers = Map<string, { readonly dueAt: string; readonly sweeps: number }>;

/** What is overdue, each once, and again after growing intervals. */
export function* claimMarkers(markers: MemoryMarkers, now: Date): Generator<string> {
  for (const [id, marker] of [...markers]) {
    if (new Date(marker.dueAt) >= overdueBefore(now)) continue;
    markers.set(id, { dueAt: nextSweepDue(now, marker.sweeps).toISOString(), sweeps: marker.sweeps + 1 });
    yield id;
  }
}
