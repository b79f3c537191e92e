import { z } from 'zod';
import type { Via } from '../contract/requester.ts';

/** A chat product that a request can come from. */
export const chatSchema = z.enum(['slack', 'teams']);
export type Chat = z.infer<typeof chatSchema> & Via;

const id = z.string().min(1).max(200);

/** Somebody's account in a chat, as the chat's own signature proves it. It is nobody to the proxy until it is linked. */
export const accountSchema = z.strictObject({
  chat: chatSchema,
  /** Workspace of Slack, tenant of Teams. */
  team: id,
  /** User id of Slack, object id of Teams. */
  user: id,
});
export type Account = z.infer<typeof accountSchema>;
