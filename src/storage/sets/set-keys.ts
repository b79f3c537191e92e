import { requesterInKey, setKey } from '../table/check-keys.ts';
import { descendingTimeKey } from '../table/descending-time-key.ts';

// A set's rows share the partition of its requester's checks, so that a member's row changes with its check.

export { setKey };

/** Members come after the set's own row, in the order asked: all of it is one range. */
export const memberKey = (id: string, index: number): string => `${setKey(id)}${String(index).padStart(3, '0')}`;
export const setRange = (id: string): { readonly from: string; readonly to: string } => ({
  from: setKey(id),
  to: `set!${id}"`,
});

/** The place of a member; `undefined` for the set's own row. */
export const indexOfKey = (rowKey: string): number | undefined => {
  const digits = /!(\d{3})$/.exec(rowKey)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** What an idempotency key stands for; its text is a UUID that ends as its requester's ids do. */
export const setOfKeyKey = (key: string): string => `setkey!${key}`;

const listPrefix = (requesterId: string): string => `sets!${requesterInKey(requesterId)}!`;
export const placeInList = (createdAt: Date, id: string): string => `${descendingTimeKey(createdAt)}!${id}`;
export const listKey = (requesterId: string, createdAt: Date, id: string): string =>
  listPrefix(requesterId) + placeInList(createdAt, id);
/** A requester's sets that were made since then. */
export const listRange = (requesterId: string, since: Date) => ({
  prefix: listPrefix(requesterId),
  to: `${listPrefix(requesterId)}${descendingTimeKey(since)}`,
});
