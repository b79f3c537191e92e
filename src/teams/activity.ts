import { z } from 'zod';

const id = z.string().min(1).max(512);
const conversationId = z.string().min(1).max(200);

const mentionSchema = z.object({
  type: z.literal('mention'),
  text: z.string().min(1),
  mentioned: z.object({ id: z.string(), name: z.string().nullish() }),
});

/** What the Bot Connector sends, as far as it is looked at; of entities those that are mentions. */
export const activitySchema = z.object({
  type: z.string(),
  id: id.optional(),
  channelId: z.string(),
  serviceUrl: z.string().max(512),
  from: z.object({ id, name: z.string().nullish(), aadObjectId: z.string().nullish() }).optional(),
  recipient: z.object({ id }).optional(),
  conversation: z
    .object({
      id: conversationId,
      name: z.string().nullish(),
      tenantId: z.string().nullish(),
      conversationType: z.string().nullish(),
      isGroup: z.boolean().nullish(),
    })
    .optional(),
  channelData: z
    .object({
      tenant: z.object({ id: z.string() }).nullish(),
      channel: z.object({ name: z.string().nullish(), type: z.string().nullish() }).nullish(),
    })
    .optional(),
  text: z.string().nullish(),
  entities: z
    .array(z.unknown())
    .nullish()
    .transform((entities) => (entities ?? []).flatMap((entity) => mentionSchema.safeParse(entity).data ?? [])),
  name: z.string().nullish(),
  replyToId: id.nullish(),
  value: z.unknown().optional(),
});
export type Activity = z.infer<typeof activitySchema>;
