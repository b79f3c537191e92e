import { lastDigitOf } from '../../check/state/check-id.ts';
import { descendingTimeKey } from './descending-time-key.ts';

const SHARDS = 4;

/** Few partitions, because sweeps, checkpoints and pages of all checks ask each; one bears hundreds of checks a second. */
export const shards: readonly string[] = Array.from({ length: SHARDS }, (_, shard) => String(shard));

/** An id ends in the digit of its requester. */
export const shardOf = (id: string): string => String(Number.parseInt(id.slice(-1), 16) % SHARDS);
export const shardOfRequester = (requesterId: string): string => shardOf(lastDigitOf(requesterId));

export const checkKey = (id: string): string => `check!${id}`;
/** The set's own row, the first of its rows. */
export const setKey = (id: string): string => `set!${id}!`;
export const answerKey = (id: string): string => `answer!${id}`;
/** What the first of several racing requests of one idempotency key decides for all. */
export const reservationKey = (id: string): string => `key!${id}`;

/** What equal checks have in common is a hash, which spreads by its last digit as ids do. */
export const runKey = (joinKey: string): string => `run!${joinKey}`;

/** Rows that say that work remains, so that nothing is scanned to find it. */
export interface Markers {
  readonly from: string;
  readonly to: string;
  readonly keyOf: (id: string) => string;
  /** The row of what a marker is about. */
  readonly aboutKey: (id: string) => string;
  /** What a marker is about; `undefined` where somebody else wrote it. */
  readonly idOf: (rowKey: string) => string | undefined;
}

function markersOf(name: string, aboutKey: Markers['aboutKey']): Markers {
  const marker = new RegExp(`^${name}!([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`);
  // The sign after `!` ends the range.
  const range = { from: `${name}!`, to: `${name}"` };
  return { ...range, aboutKey, keyOf: (id) => `${name}!${id}`, idOf: (rowKey) => marker.exec(rowKey)?.[1] };
}

/** Checks that have not ended, or whose last event is not known to be in the log. */
export const checkMarkers = markersOf('open', checkKey);
/** Sets of which a step is still to come. */
export const setMarkers = markersOf('openset', setKey);

/** A slash is not allowed in a key; in a requester's id it stands between two words that have neither slash nor `_!`. */
export const requesterInKey = (requesterId: string): string => requesterId.replace('/', '_');

const historyPrefix = (requesterId: string): string => `by!${requesterInKey(requesterId)}!`;

/** One request of a requester's, newest first. */
export const historyKey = (requesterId: string, at: Date, id: string): string =>
  `${historyPrefix(requesterId)}${descendingTimeKey(at)}!${id}`;

/** Keys of the requests since then. */
export const historyRange = (requesterId: string, since: Date): { from: string; to: string } => ({
  from: historyPrefix(requesterId),
  to: `${historyPrefix(requesterId)}${descendingTimeKey(since)}`,
});
