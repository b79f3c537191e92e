import { RestError, type QueueServiceClient, type ReceivedMessageItem } from '@azure/storage-queue';

export type QueueMessage = ReceivedMessageItem;

/** One storage queue, as far as its trigger needs it. Every call ends within a time. */
export interface StorageQueue {
  readonly name: string;
  /** Up to 32 messages, then invisible to others for so many seconds; none where the queue is not there yet. */
  receive(count: number, invisibleSeconds: number): Promise<readonly QueueMessage[]>;
  /** Hides a message for so many seconds from now; answers its new pop receipt. */
  hide(messageId: string, popReceipt: string, seconds: number): Promise<string>;
  remove(messageId: string, popReceipt: string): Promise<void>;
  /** Adds a message as it is, and makes the queue where it is missing. */
  add(text: string): Promise<void>;
}

const CALL_TIMEOUT_MS = 30_000;

/** `closed` ends calls under way. */
export function openStorageQueue(service: QueueServiceClient, name: string, closed: AbortSignal): StorageQueue {
  const client = service.getQueueClient(name);
  return {
    name,
    async receive(numberOfMessages, visibilityTimeout) {
      const received = await whenThere(
        bounded(closed, (abortSignal) => client.receiveMessages({ numberOfMessages, visibilityTimeout, abortSignal })),
      );
      return received?.receivedMessageItems ?? [];
    },
    async hide(messageId, popReceipt, seconds) {
      const hidden = await bounded(closed, (abortSignal) =>
        client.updateMessage(messageId, popReceipt, undefined, seconds, { abortSignal }),
      );
      return hidden.popReceipt ?? popReceipt;
    },
    async remove(messageId, popReceipt) {
      await bounded(closed, (abortSignal) => client.deleteMessage(messageId, popReceipt, { abortSignal }));
    },
    async add(text) {
      const send = () => bounded(closed, (abortSignal) => client.sendMessage(text, { abortSignal }));
      if (await whenThere(send())) return;
      await bounded(closed, (abortSignal) => client.createIfNotExists({ abortSignal }));
      await send();
    },
  };
}

async function whenThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return undefined;
    throw error;
  }
}

// One signal for each call: those of a full batch, all listening to `closed`, would be more than Node takes for a leak.
function bounded<T>(closed: AbortSignal, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return call(AbortSignal.any([closed, AbortSignal.timeout(CALL_TIMEOUT_MS)]));
}
