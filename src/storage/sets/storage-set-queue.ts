import type { QueueClient } from '@azure/storage-queue';
import type { SetQueue } from '../../set/ports/set-queue.ts';
import { sendMessage } from '../table/send-message.ts';

/** Sets on the queue of checks. A message never expires: the set's own deadline ends it. */
export const storageSetQueue = (queue: QueueClient): SetQueue => ({
  send: (setId, delaySeconds) => sendMessage(queue, { setId }, delaySeconds),
});
