import type { Checkpoint } from './checkpoint.ts';
import { LATE_MILLISECONDS } from './late-listings.ts';

const DAY_MILLISECONDS = 86_400_000;

/**
 * The newest checkpoint, up to and including that one, that lists an event whose day was over by 48 hours; 0 where none
 * does. Whoever looks for the events of a day needs the checkpoints of the next 48 hours and these.
 */
export function newestLate({
  sequence,
  time,
  events,
  late,
}: Pick<Checkpoint, 'sequence' | 'time' | 'events' | 'late'>): number {
  const lateBefore = Date.parse(time) - LATE_MILLISECONDS - DAY_MILLISECONDS;
  return events.some(([day]) => Date.parse(day) < lateBefore) ? sequence : late;
}
