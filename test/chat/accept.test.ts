import { expect, it } from 'vitest';
import { acceptChat, type Received } from '../../src/chat/accept.ts';
import { memoryChatQueue, memoryChatRequests } from '../support/memory/memory-chats.ts';

const received: Received = {
  account: { chat: 'slack', team: 'T0TEAM0001', user: 'U0ALICE' },
  messageId: 'm1',
  asked: { kind: 'line', text: 'web-01 sql-01' },
  place: {},
  origin: { sourceAddress: '127.0.0.1', requestId: 'request-1' },
};
const common = { now: () => new Date('2030-01-01T00:00:00Z'), warn: () => undefined };

it('a message is kept and queued at the same time: neither waits for the other', async () => {
  const [requests, chatQueue] = [memoryChatRequests(), memoryChatQueue()];
  const begun: string[] = [];
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const accepting = acceptChat(
    {
      ...common,
      requests: { insert: (given) => (begun.push('row'), held.then(() => requests.insert(given))) },
      chatQueue: { send: (...given) => (begun.push('message'), held.then(() => chatQueue.send(...given))) },
    },
    received,
  );
  expect(begun.toSorted()).toEqual(['message', 'row']);
  release();
  await accepting;
  expect(chatQueue.sent).toEqual(requests.rows().map(({ request }) => ({ chatId: request.id, delaySeconds: 0 })));
});

it('the same id of another chat or team is another message, and of the same one the same', async () => {
  const requests = memoryChatRequests();
  const deps = { ...common, requests, chatQueue: memoryChatQueue() };
  const { account } = received;
  const accounts = [account, { ...account, chat: 'teams' }, { ...account, team: 'T0OTHER' }] as const;
  for (const each of [...accounts, ...accounts]) await acceptChat(deps, { ...received, account: each });
  expect(requests.rows().map(({ request }) => request.account)).toEqual(accounts);
});
