import type { Examples } from '../example.ts';

/** Examples of the calls about chats, by operation. */
export const chatExamples = {
  listChatLinks: { none: { summary: 'No chat account acts for you', status: 200, answer: { value: [] } } },
} as const satisfies Readonly<Record<string, Examples>>;
