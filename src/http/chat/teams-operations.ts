import { z } from 'zod';
import { anyQuery, type Operation, refusedByHost } from '../operation.ts';

/** What Teams wants to hear of a click. https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model */
export const invokeAnswerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    statusCode: z.literal(200),
    type: z.literal('application/vnd.microsoft.card.adaptive'),
    value: z.looseObject({}).describe('An Adaptive Card.'),
  }),
  z.strictObject({
    statusCode: z.literal(200),
    type: z.literal('application/vnd.microsoft.activity.message'),
    value: z.string(),
  }),
  z.strictObject({
    statusCode: z.int(),
    type: z.literal('application/vnd.microsoft.error'),
    value: z.strictObject({ code: z.string(), message: z.string() }),
  }),
]);
export type InvokeAnswer = z.infer<typeof invokeAnswerSchema>;

/** The calls by which Teams tells what people write and click. */
export const teamsOperations = {
  receiveTeamsActivity: {
    method: 'POST',
    path: 'api/chat/teams/messages',
    summary: 'Takes what people write to the bot in Teams',
    description:
      'Called by the Bot Connector alone, whose signed token stands in `Authorization`. What is asked is answered in Teams.',
    query: anyQuery,
    answers: {
      200: {
        description: 'It is taken; where somebody clicked, what Teams shows them.',
        content: { 'application/json': z.union([invokeAnswerSchema, z.strictObject({})]) },
      },
      401: { description: 'It does not come from Teams, or not from this tenant.' },
      404: { description: 'Teams is not set up.' },
      503: { description: 'It could not be kept: send it again.' },
      ...refusedByHost,
    },
    problems: [],
  },
} as const satisfies Readonly<Record<string, Operation>>;
