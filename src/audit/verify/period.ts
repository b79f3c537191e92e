export interface Period {
  readonly from: Date;
  /** Absent: up to all that was written before the call. */
  readonly to?: Date | undefined;
}

/** The days of which the period has something, whole. */
export interface Days {
  /** Such as 2026-03-01. */
  readonly first: string;
  readonly last: string | undefined;
}

export const daysOf = ({ from, to }: Period): Days => ({
  first: dayOf(from),
  last: to && dayOf(new Date(to.getTime() - 1)),
});

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

export const isOfDays = ({ first, last }: Days, time: string): boolean => {
  const day = time.slice(0, 10);
  return day >= first && (last === undefined || day <= last);
};

export const isOfPeriod = ({ from, to }: Period, time: string): boolean =>
  time >= from.toISOString() && (to === undefined || time < to.toISOString());
