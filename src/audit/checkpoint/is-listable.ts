import { z } from 'zod';
import { listingSchema, noCheckpoint } from './checkpoint.ts';
import type { Unsealed } from './checkpoints.ts';

/** A clock is not further ahead than that. */
const MAX_AHEAD_MILLISECONDS = 3_600_000;
const timeSchema = z.iso.datetime();

/** Whether a marker names an event that there can be: readers refuse a checkpoint that lists any other. */
export function isListable(
  { chain, sequence, time }: Pick<Unsealed, 'chain' | 'sequence' | 'time'>,
  now: Date,
): boolean {
  return (
    timeSchema.safeParse(time).success &&
    Date.parse(time) <= now.getTime() + MAX_AHEAD_MILLISECONDS &&
    listingSchema.safeParse([time.slice(0, 10), chain, sequence, noCheckpoint]).success
  );
}
