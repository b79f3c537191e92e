const LAST_MILLISECOND = 9_999_999_999_999;

/** Table storage sorts upwards: what counts down comes newest first. */
export const descendingTimeKey = (time: Date): string => String(LAST_MILLISECOND - time.getTime()).padStart(13, '0');
