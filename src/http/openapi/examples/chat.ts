import type { Examples } from '../example.ts';
import { problem } from './shop.ts';

const body = { code: 'q83vEjRWeJCrze8SNFZ4kA' };
const used = (requestId: string) => ({
  summary: 'A code that was used, or whose time is over',
  body,
  status: 404,
  answer: problem(
    requestId,
    'NotFound',
    'This link was used, or its ten minutes are over: write "link" in the chat for a new one.',
  ),
});

/** Examples of the calls about chats, by operation: of an app in which a chat is set up. */
export const chatExamples = {
  previewChatLink: { used: used('6f1d8f3e-2c0b-4c58-9a53-0d1a5f0c7b11') },
  confirmChatLink: { used: used('6f1d8f3e-2c0b-4c58-9a53-0d1a5f0c7b12') },
  listChatLinks: { none: { summary: 'No chat account acts for you', status: 200, answer: { value: [] } } },
} as const satisfies Readonly<Record<string, Examples>>;
