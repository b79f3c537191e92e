export interface Period {
  readonly from: Date;
  /** Absent: up to all that was written before the call. */
  readonly to?: Date | undefined;
}

/** First and last day, such as 2026-03-01, of which the period has something. */
export function daysOf({ from, to }: Period): [first: string, last: string | undefined] {
  return [dayOf(from), to && dayOf(new Date(to.getTime() - 1))];
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
