import type { EventKey } from '../audit-log.ts';

/** A row as it can be told and compared. */
interface ToldRow {
  /** For a person: table, partition and key. */
  readonly place: string;
  /** Everything that it says, its keys included. */
  readonly text: string;
}

/** A row that is an event's own, to the letter: the event, and the pointers that lead to it. */
interface EventRow extends Pick<ToldRow, 'place'> {
  readonly event: { readonly time: string; readonly text: string; readonly pointers: readonly ToldRow[] };
}

interface OtherRow extends ToldRow {
  readonly event?: undefined;
  /** It holds an event that belongs to another place. */
  readonly isMisplaced?: boolean;
}

/** A row of the log as verification sees it. */
export type AuditRow = EventRow | OtherRow;

/** Every row of every table that audit queries read. Every method throws the Problem `StorageUnavailable`. */
export interface AuditRows {
  /**
   * Those of the days from `first` to `last`, or to the end of time, some at a time: all in the months of these days but
   * what says that it is of another day of its month. And all that stand in no month at all.
   */
  readonly between: (first: string, last: string | undefined) => AsyncIterable<Iterable<AuditRow>>;
  /** Where an event's own row stands. */
  readonly placeOf: (key: EventKey) => string;
}
