import type { QueueClient } from '@azure/storage-queue';
import { createWhereMissing } from './create-where-missing.ts';
import { orUnavailable } from './unavailable.ts';

/** Sends JSON to the Functions host, which reads messages as base64, as host.json says. It never expires. */
export function sendMessage(queue: QueueClient, message: object, delaySeconds: number): Promise<void> {
  return orUnavailable('StorageUnavailable', async () => {
    const text = Buffer.from(JSON.stringify(message)).toString('base64');
    await createWhereMissing(
      () => queue.createIfNotExists(),
      () => queue.sendMessage(text, { visibilityTimeout: delaySeconds, messageTimeToLive: -1 }),
    );
  });
}
