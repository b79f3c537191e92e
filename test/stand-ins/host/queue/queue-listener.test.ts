import { expect, test } from 'vitest';
import { keepInvisible } from '../../../../stand-ins/host/queue/keep-invisible.ts';
import type { LogLine } from '../../../../stand-ins/host/log.ts';
import { createQueueListener } from '../../../../stand-ins/host/queue/queue-listener.ts';
import type { QueueMessage, StorageQueue } from '../../../../stand-ins/host/queue/storage-queue.ts';
import { until } from '../fixture-app.ts';

const message: QueueMessage = {
  messageId: 'm1',
  popReceipt: 'first',
  messageText: 'eA==',
  dequeueCount: 1,
  insertedOn: new Date(0),
  expiresOn: new Date(0),
  nextVisibleOn: new Date(0),
};

/** A queue that is told what to answer, for moments that a real one cannot be brought to. */
function scriptedQueue(script: Partial<StorageQueue>): StorageQueue & { calls: unknown[][] } {
  const calls: unknown[][] = [];
  return {
    name: 'scripted',
    calls,
    receive: () => Promise.resolve([]),
    remove: (...call) => Promise.resolve(void calls.push(['remove', ...call])),
    add: (...call) => Promise.resolve(void calls.push(['add', ...call])),
    hide: (...call) => {
      calls.push(['hide', ...call]);
      return Promise.resolve('newer');
    },
    ...script,
  };
}

test('a message that arrives while the host stops is not run, and is given back at once', async () => {
  let arrive: (messages: QueueMessage[]) => void = () => undefined;
  const queue = scriptedQueue({ receive: () => new Promise((resolve) => (arrive = resolve)) });
  const lines: LogLine[] = [];
  const listener = createQueueListener({
    queue,
    poison: undefined,
    hosted: {
      name: 'f',
      triggerName: 't',
      trigger: { type: 'queueTrigger', queueName: 'q', connection: 'AzureWebJobsStorage' },
      metadata: {},
      callback: () => {},
    },
    invoke: () => Promise.reject(new Error('must not run')),
    settings: {
      batchSize: 16,
      newBatchThreshold: 8,
      maxDequeueCount: 5,
      visibilityTimeout: 0,
      maxPollingInterval: 1000,
      messageEncoding: 'base64',
    },
    invisibleSeconds: 600,
    closed: new AbortController().signal,
    log: (line) => lines.push(line),
    backOff: { next: () => 1, reset: () => {} },
  });
  listener.start();
  const stopped = listener.stop();
  arrive([message]);
  await stopped;
  expect([queue.calls, lines]).toEqual([[['hide', 'm1', 'first', 0]], []]);
});

test('a renewal that fails is reported and tried again soon; the newest pop receipt is the one to end with', async () => {
  let fails = 2;
  const receipts: string[] = [];
  const queue = scriptedQueue({
    hide: (_id, receipt) => {
      receipts.push(receipt);
      fails -= 1;
      return fails >= 0 ? Promise.reject(new Error('away')) : Promise.resolve(`after ${receipt}`);
    },
  });
  const lines: LogLine[] = [];
  const log = (line: LogLine) => lines.push(line);
  const start = Date.now();
  const lease = keepInvisible({ queue, invisibleSeconds: 1, closed: new AbortController().signal, log }, message);
  await until('the third try', () => receipts.length === 3);
  // Half time, then twice a tenth.
  expect(Date.now() - start).toBeGreaterThanOrEqual(690);
  expect(Date.now() - start).toBeLessThan(1400);
  expect(await lease.release()).toBe('after first');
  expect(receipts).toEqual(['first', 'first', 'first']);
  expect(lines.map(({ message: text }) => text)).toEqual(
    Array.from({ length: 2 }, () => 'Message m1 of queue scripted could not be kept invisible: it may run twice.'),
  );
});
