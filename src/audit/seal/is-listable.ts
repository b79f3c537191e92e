import type { EventKey } from '../audit-log.ts';
import { entrySchema, noCheckpoint } from '../checkpoint/checkpoint.ts';

/** Whether a marker names an event that there can be: readers refuse a checkpoint that lists any other. */
export const isListable = ({ time, subject, sequence }: EventKey): boolean =>
  entrySchema.safeParse([time, subject, sequence, noCheckpoint.hash]).success;
