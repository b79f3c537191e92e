import type { QueueClient } from '@azure/storage-queue';
import type { CheckQueue } from '../../check/ports/check-queue.ts';
import { sendMessage } from '../table/send-message.ts';

/** Checks on an Azure Storage queue: a check's own deadline ends it, and no message does. */
export const storageCheckQueue = (queue: QueueClient): CheckQueue => ({
  send: (checkId, delaySeconds) => sendMessage(queue, { checkId }, delaySeconds),
});
