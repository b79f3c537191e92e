import { z } from 'zod';

/** Where a request from Teams is answered, as its row keeps it. */
export const teamsPlaceSchema = z.object({
  serviceUrl: z.string(),
  conversationId: z.string(),
  /** As Teams names the asker in this conversation. */
  userId: z.string(),
  /** What they wrote. */
  replyToId: z.string().exactOptional(),
  /** The message with the card that they clicked on. */
  cardId: z.string().exactOptional(),
  /** The message that answered them first; empty where Teams told no id. */
  toldId: z.string().exactOptional(),
  /** Others than those of the team may read here, perhaps of another organisation. */
  isShared: z.literal('true').exactOptional(),
});
export type TeamsPlace = z.infer<typeof teamsPlaceSchema>;
