import type { QueueClient } from '@azure/storage-queue';
import type { CheckQueue } from '../../check/ports/check-queue.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { orUnavailable } from '../table/unavailable.ts';

/** Checks on an Azure Storage queue. A message never expires: the check's own deadline ends it. */
export function storageCheckQueue(queue: QueueClient): CheckQueue {
  return {
    send: (checkId, delaySeconds) =>
      orUnavailable('StorageUnavailable', async () => {
        // The Functions host reads messages as base64, as host.json says.
        const text = Buffer.from(JSON.stringify({ checkId })).toString('base64');
        await createWhereMissing(
          () => queue.createIfNotExists(),
          () => queue.sendMessage(text, { visibilityTimeout: delaySeconds, messageTimeToLive: -1 }),
        );
      }),
  };
}
