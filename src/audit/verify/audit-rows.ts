/** A row of the log as verification sees it. */
export interface AuditRow {
  /** For a person: table, partition and key. */
  readonly place: string;
  /** What its place says that it is; absent where that is no place of an event's. */
  readonly claim?:
    { readonly month: string; readonly chain: string; readonly sequence: number; readonly bit: number } | undefined;
  /** The event as it is kept. */
  readonly text: string;
  /** What its content says: where it belongs, and which rows an event of that content has. Absent where it is unreadable. */
  readonly content?:
    | {
        readonly time: string;
        /** It stands where it belongs. */
        readonly inPlace: boolean;
        /** Every column says what the event says. */
        readonly columnsAgree: boolean;
        readonly bits: number;
      }
    | undefined;
}

/** Every row of every table that audit queries read. */
export interface AuditRows {
  /**
   * Those of the days from `first` to `last`, or to the end of time: all in the months of these days but what says that
   * it is of another day of its month. And all that stand in no month at all.
   */
  readonly between: (first: string, last: string | undefined) => AsyncIterable<AuditRow>;
}

/** The bit of the row by time, which every event has once. */
export const TIME_BIT = 1;
