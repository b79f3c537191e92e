import type { QueueClient } from '@azure/storage-queue';
import type { NoticeQueue } from '../../notify/ports/notice-queue.ts';
import { sendMessage } from '../table/send-message.ts';

/** Notices on an Azure Storage queue. */
export const storageNoticeQueue = (queue: QueueClient): NoticeQueue => ({
  send: (key, delaySeconds) => sendMessage(queue, key, delaySeconds),
});
