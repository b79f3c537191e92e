import { sha256 } from '../contract/sha256.ts';
import { uuidOfHash } from '../contract/uuid-of-hash.ts';
import type { Account } from './account.ts';
import type { ChatQueue } from './ports/chat-queue.ts';
import type { ChatRequests } from './ports/chat-requests.ts';
import type { Addressed, ChatRequest } from './request.ts';

export interface AcceptDeps {
  readonly requests: Pick<ChatRequests, 'insert'>;
  readonly chatQueue: ChatQueue;
  readonly now: () => Date;
  readonly warn: (message: string, error: unknown) => void;
}

/** What somebody wrote or clicked, as a verified message has it. */
export interface Received extends Pick<
  ChatRequest,
  'account' | 'name' | 'teamName' | 'asked' | 'room' | 'place' | 'origin'
> {
  /** What the chat calls this message: the same for each repeat of it. */
  readonly messageId: string;
  readonly answerUrl?: string | undefined;
}

/**
 * Keeps a request and wakes the worker, both at the same time, so that the chat is answered in time though storage is
 * slow. A message that cannot be sent is sent by the sweeper; a repeat changes nothing. Throws `StorageUnavailable`.
 */
export async function acceptChat(deps: AcceptDeps, { messageId, answerUrl, ...received }: Received): Promise<void> {
  const now = deps.now().toISOString();
  const id = idOf(received.account, messageId);
  const request: ChatRequest = { id, ...received, receivedAt: now, dueAt: now, state: 'received', tries: 0 };
  const addressed: Addressed = answerUrl === undefined ? { request } : { request, answerUrl };
  const sending = deps.chatQueue.send(id, 0).catch((error: unknown) => {
    deps.warn('A chat request is kept but could not be queued; the sweeper will.', error);
  });
  await Promise.all([deps.requests.insert(addressed), sending]);
}

const idOf = ({ chat, team }: Account, messageId: string): string =>
  uuidOfHash(sha256(`chat ${JSON.stringify([chat, team, messageId])}`));
