/** 16 partitions spread the load, and a sweeper can ask each for its markers. */
export const shards: readonly string[] = Array.from({ length: 16 }, (_, digit) => digit.toString(16));

/** Ids are UUIDs, so their last digit is evenly spread whether they are random or derived. */
export const shardOf = (id: string): string => id.slice(-1).toLowerCase();

export const checkKey = (id: string): string => `check!${id}`;
export const answerKey = (id: string): string => `answer!${id}`;

const MARKER = 'open!';
/** The sign after `!` ends the range of all markers. */
export const markerRange = { from: MARKER, to: 'open"' };
export const markerKey = (id: string): string => `${MARKER}${id}`;
export const idOfMarker = (rowKey: string): string => rowKey.slice(MARKER.length);
