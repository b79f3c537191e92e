import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient, RestError } from '@azure/storage-queue';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type QueueServer,
  queuesAt,
  startQueueServer,
} from '../../../stand-ins/storage/queue-server/start-queue-server.ts';
import { numRuns } from '../../support/run/num-runs.ts';

/** What an operation is about: the newest message that was received, by its first receipt or by its last. */
interface Held {
  receipts: string[];
  id: string;
}

type Operation = (queue: QueueClient, held: Held) => Promise<unknown>;

let sent = 0;
const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc.constantFrom(0, 300).map(
    (visibilityTimeout): Operation =>
      (queue) =>
        queue.sendMessage(`m${sent}`, { visibilityTimeout }),
  ),
  fc.constantFrom(1, 3).map((numberOfMessages): Operation => async (queue, held) => {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages, visibilityTimeout: 300 });
    const last = receivedMessageItems.at(-1);
    if (last) Object.assign(held, { id: last.messageId, receipts: [last.popReceipt] });
    return receivedMessageItems.map(({ messageText, dequeueCount }) => [messageText, dequeueCount]);
  }),
  fc.constantFrom(0, -1).map((of): Operation => (queue, { id, receipts }) => {
    return queue.deleteMessage(id, receipts.at(of) ?? 'none');
  }),
  fc.constantFrom(0, 300).map((seconds): Operation => async (queue, held) => {
    const { popReceipt = '' } = await queue.updateMessage(held.id, held.receipts.at(-1) ?? 'none', undefined, seconds);
    held.receipts.push(popReceipt);
  }),
  fc.constant<Operation>(async (queue) => {
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 5 });
    return peekedMessageItems.map(({ messageText, dequeueCount }) => [messageText, dequeueCount]);
  }),
);

/** What each of the operations came to: counts, texts, or the code of its error. */
async function outcomes(connectionString: string, several: readonly Operation[]): Promise<unknown[]> {
  const queue = new QueueClient(connectionString, `q-${randomUUID()}`);
  const found: unknown[] = [await outcome(() => queue.sendMessage('early'))];
  await queue.createIfNotExists();
  const held: Held = { id: randomUUID(), receipts: [] };
  sent = 0;
  for (const operation of several) {
    sent++;
    // Azurite orders by milliseconds.
    await sleep(2);
    found.push(await outcome(() => operation(queue, held)), (await queue.getProperties()).approximateMessagesCount);
  }
  return found;
}

async function outcome(operation: () => Promise<unknown>): Promise<unknown> {
  try {
    const answer = await operation();
    return Array.isArray(answer) ? answer : 'done';
  } catch (error) {
    if (error instanceof RestError) return [error.statusCode, error.code];
    throw error;
  }
}

describe('the queue server', () => {
  let server: QueueServer;
  beforeAll(async () => {
    server = await startQueueServer();
  });
  afterAll(() => server.stop());

  it('answers as Azurite does', async () => {
    const azurite = inject('azurite');
    await fc.assert(
      fc.asyncProperty(fc.array(operations, { minLength: 5, maxLength: 25 }), async (several) => {
        expect(await outcomes(queuesAt(server.url)(azurite), several)).toEqual(await outcomes(azurite, several));
      }),
      { numRuns: numRuns(25) },
    );
  });
});
