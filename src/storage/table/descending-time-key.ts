const LAST_MILLISECOND = 9_999_999_999_999;

/** Table storage sorts upwards: what counts down comes newest first. */
export const descendingTimeKey = (time: Date): string => String(LAST_MILLISECOND - time.getTime()).padStart(13, '0');

/**
 * Between which keys what is newer than, or of, `from` and older than `to` stands, both ends left out; `after` is where a
 * page before it ended.
 */
export const keysBetween = (
  { from, to }: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  after: string,
): { readonly start: string; readonly end: string } => ({
  start: [after, to ? keyBefore(to) : ''].toSorted().at(-1) ?? '',
  end: from ? keyBefore(from) : ':',
});

/** The key of the millisecond before: the last of the times that are older. */
export const keyBefore = (time: Date): string => descendingTimeKey(new Date(time.getTime() - 1));
