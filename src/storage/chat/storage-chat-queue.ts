import type { QueueClient } from '@azure/storage-queue';
import type { ChatQueue } from '../../chat/ports/chat-queue.ts';
import { sendMessage } from '../table/send-message.ts';

/** Chat requests on an Azure Storage queue. */
export const storageChatQueue = (queue: QueueClient): ChatQueue => ({
  send: (chatId, delaySeconds) => sendMessage(queue, { chatId }, delaySeconds),
});
