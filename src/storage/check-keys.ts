import { lastDigitOf } from '../check/check-id.ts';

/** 16 partitions spread the load, and a sweeper can ask each for its markers. */
export const shards: readonly string[] = Array.from({ length: 16 }, (_, digit) => digit.toString(16));

/** An id ends in the digit of its requester. */
export const shardOf = (id: string): string => id.slice(-1).toLowerCase();
export const shardOfRequester = lastDigitOf;

export const checkKey = (id: string): string => `check!${id}`;
export const answerKey = (id: string): string => `answer!${id}`;

const MARKER = 'open!';
/** The sign after `!` ends the range of all markers. */
export const markerRange = { from: MARKER, to: 'open"' };
export const markerKey = (id: string): string => `${MARKER}${id}`;
export const idOfMarker = (rowKey: string): string => rowKey.slice(MARKER.length);

/** Table storage sorts upwards: what counts down from here comes newest first. */
const LAST_MILLISECOND = 9_999_999_999_999;
const downwards = (time: Date): string => String(LAST_MILLISECOND - time.getTime()).padStart(13, '0');

// A slash is not allowed in a key; in a requester's id it stands between two words that have neither slash nor `_!`.
const historyPrefix = (requesterId: string): string => `by!${requesterId.replace('/', '_')}!`;

/** One request of a requester's, newest first. */
export const historyKey = (requesterId: string, at: Date, id: string): string =>
  `${historyPrefix(requesterId)}${downwards(at)}!${id}`;

/** Keys of the requests since then. */
export const historyRange = (requesterId: string, since: Date): { from: string; to: string } => ({
  from: historyPrefix(requesterId),
  to: `${historyPrefix(requesterId)}${downwards(since)}`,
});
