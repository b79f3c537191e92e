import { z } from 'zod';

const account = {
  chat: z.enum(['slack', 'teams']),
  team: z.string().describe('Id of the workspace, or of the tenant.'),
  teamName: z.string().optional(),
  user: z.string().describe('Id of the account in it.'),
  name: z.string().describe('As the chat names them.'),
  email: z.string().optional().describe('As the chat has confirmed it.'),
};

/** A chat account that waits for somebody to confirm that it is theirs. */
export const chatAccountSchema = z.strictObject({
  ...account,
  until: z.iso.datetime().describe('When the code ends.'),
  days: z.int().describe('For how long a link would hold.'),
});
export type ChatAccountView = z.infer<typeof chatAccountSchema>;

/** That a chat account acts for a person. */
export const chatLinkSchema = z.strictObject({
  id: z.uuid(),
  ...account,
  requester: z.strictObject({ id: z.string(), name: z.string() }).describe('For whom it acts.'),
  roles: z.array(z.string()).describe('What it may use: `Check.Request`, or nothing.'),
  linkedAt: z.iso.datetime(),
  until: z.iso.datetime(),
});
export type ChatLinkView = z.infer<typeof chatLinkSchema>;
