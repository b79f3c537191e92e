import { z } from 'zod';
import { chatAccountSchema, chatLinkSchema } from '../../contract/answer/chat-link.ts';
import { chatExamples } from '../openapi/examples/chat.ts';
import { type AnswerForm, anyQuery, noQuery, type Operation, refusedByHost } from '../operation.ts';

const codeSchema = z.strictObject({
  code: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'Give the code of the link that the chat answered.')
    .describe('What stands behind `#/link/` in the link that the chat answered to `link`.'),
});

/** What Slack sends, as Slack's own documentation describes it. */
const fromSlack = (path: string, summary: string, content: AnswerForm['content']) =>
  ({
    method: 'POST',
    path: `api/chat/slack/${path}`,
    summary,
    description: 'For Slack alone, which signs what it sends.',
    query: anyQuery,
    answers: {
      200: { description: 'It is received; what it comes to is told in the chat.', ...(content && { content }) },
      401: { description: 'Slack did not sign it now, or it is of another workspace.' },
      404: { description: 'Slack is not set up here.' },
      503: { description: 'It could not be kept: send it again.' },
      ...refusedByHost,
    },
    problems: [],
  }) as const;

/** The calls of chats, and of people who link their chat account. */
export const chatOperations = {
  previewChatLink: {
    method: 'POST',
    path: 'api/chat/links/preview',
    summary: 'Tells which chat account would act as one',
    description: 'The code stays good. It stands in the body, because a path would stand in logs.',
    roles: [],
    query: noQuery,
    body: codeSchema,
    answers: {
      200: { description: 'The account.', content: { 'application/json': chatAccountSchema } },
    },
    problems: ['NotFound', 'PayloadTooLarge', 'UnsupportedMediaType', 'PolicyRefused', 'ChatUnavailable'],
    examples: chatExamples.previewChatLink,
  },
  confirmChatLink: {
    method: 'POST',
    path: 'api/chat/links',
    summary: 'Has a chat account act as one',
    description:
      'The chat has to name the same person: by a confirmed e-mail address that is a sign-in name of theirs, or by their object id. The code is used up, also where that is refused.',
    roles: [],
    query: noQuery,
    body: codeSchema,
    answers: {
      201: { description: 'What was bound.', content: { 'application/json': chatLinkSchema } },
    },
    problems: ['NotFound', 'PayloadTooLarge', 'UnsupportedMediaType', 'PolicyRefused', 'ChatUnavailable'],
    examples: chatExamples.confirmChatLink,
  },
  listChatLinks: {
    method: 'GET',
    path: 'api/chat/links',
    summary: 'Lists the chat accounts that act as one',
    description: 'With `Check.Admin`: all, which is audited.',
    roles: [],
    query: noQuery,
    answers: {
      200: {
        description: 'Links that have not ended.',
        content: { 'application/json': z.strictObject({ value: z.array(chatLinkSchema) }) },
      },
    },
    problems: ['NotFound'],
    examples: chatExamples.listChatLinks,
  },
  removeChatLink: {
    method: 'DELETE',
    path: 'api/chat/links/{id}',
    summary: 'Ends a link',
    description: "One's own or, with `Check.Admin`, anybody's.",
    pathParameters: { id: 'Id of a link.' },
    roles: [],
    query: noQuery,
    answers: {
      200: { description: 'What was bound.', content: { 'application/json': chatLinkSchema } },
    },
    problems: ['NotFound'],
  },
  slackCommands: fromSlack('commands', 'Takes a slash command', {
    'application/json': z.strictObject({ response_type: z.string().optional(), text: z.string().optional() }),
  }),
  slackInteractions: fromSlack('interactions', 'Takes a click on a button', undefined),
  slackEvents: fromSlack('events', 'Takes a mention or a direct message', {
    'application/json': z.strictObject({ challenge: z.string().optional() }),
  }),
} as const satisfies Readonly<Record<string, Operation>>;
