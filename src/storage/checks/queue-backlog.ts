import type { QueueClient } from '@azure/storage-queue';
import { statusOf } from '../table/unavailable.ts';

/** How many messages a queue has, about, and how long ago the one at its front was sent. Those that are delayed are not seen at the front. */
export async function queueBacklog(
  queue: QueueClient,
  now: Date,
): Promise<{ messages: number; oldestSeconds: number }> {
  try {
    const [{ approximateMessagesCount = 0 }, { peekedMessageItems }] = await Promise.all([
      queue.getProperties(),
      queue.peekMessages({ numberOfMessages: 1 }),
    ]);
    const sentAt = peekedMessageItems[0]?.insertedOn ?? now;
    const oldestSeconds = Math.max(0, Math.round((now.getTime() - sentAt.getTime()) / 1000));
    return { messages: approximateMessagesCount, oldestSeconds };
  } catch (error) {
    // The host makes the poison queue when it first needs it.
    if (statusOf(error) === 404) return { messages: 0, oldestSeconds: 0 };
    throw error;
  }
}
