import { errorText, type Log } from '../log.ts';
import { pause } from '../pause.ts';
import type { QueueMessage, StorageQueue } from './storage-queue.ts';

interface Deps {
  readonly queue: StorageQueue;
  readonly invisibleSeconds: number;
  readonly closed: AbortSignal;
  readonly log: Log;
}

/**
 * Keeps a message invisible to others while it is worked on, by hiding it anew at half time (sooner after a failure).
 * `release` ends that and answers the newest pop receipt.
 */
export function keepInvisible({ queue, invisibleSeconds, closed, log }: Deps, { messageId, popReceipt }: QueueMessage) {
  const ended = new AbortController();
  const over = AbortSignal.any([ended.signal, closed]);
  let newest = popReceipt;
  const renewing = (async () => {
    let share = 2;
    for (;;) {
      await pause((invisibleSeconds * 1000) / share, over);
      if (over.aborted) return;
      try {
        newest = await queue.hide(messageId, newest, invisibleSeconds);
        share = 2;
      } catch (error) {
        share = 10;
        const message = `Message ${messageId} of queue ${queue.name} could not be kept invisible: it may run twice.`;
        log({ level: 'warning', message, error: errorText(error) });
      }
    }
  })();
  return {
    async release(): Promise<string> {
      ended.abort();
      await renewing;
      return newest;
    },
  };
}
