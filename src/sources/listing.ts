import { z } from 'zod';
import { sourceSchema, unreadableSchema } from '../contract/answer/source.ts';
import type { CallIds } from '../arm/call-ids.ts';

/** What checks can start from, as Azure listed it, and what of it could not be read. */
export const listingSchema = z.strictObject({
  /** When Azure was asked. */
  at: z.iso.datetime(),
  sources: z.array(sourceSchema),
  unreadable: z.array(unreadableSchema),
  /** When the oldest part of it was read, where that could not be read again. */
  oldest: z.iso.datetime().optional(),
  /** Azure asked not to be asked again before. */
  notBefore: z.iso.datetime().optional(),
});
export type Listing = Readonly<z.infer<typeof listingSchema>>;

/** Lists the sources of all subscriptions that the policy names. Never throws for what Azure answers. */
export type ReadListing = (ids: CallIds) => Promise<Listing>;

/** A listing as it is kept: of which subscriptions it is, so that another policy's is not taken for this one's. */
export const keptSchema = z.strictObject({ scope: z.string(), listing: listingSchema });
export type Kept = Readonly<z.infer<typeof keptSchema>>;

/** Where a listing outlives the process, and is shared with others. */
export interface ListingStore {
  readonly read: () => Promise<Kept | undefined>;
  readonly write: (kept: Kept) => Promise<void>;
}
