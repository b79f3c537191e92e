import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import { expect, inject, it } from 'vitest';
import { queueBacklog } from '../../../src/storage/checks/queue-backlog.ts';

it('tells how many messages wait and the age of the one at the front; a queue that is not there is empty', async () => {
  const queue = new QueueClient(inject('azurite'), `backlog-${Date.now()}`);
  const now = () => new Date();
  expect(await queueBacklog(queue, now())).toEqual({ messages: 0, oldestSeconds: 0 });
  await queue.create();
  expect(await queueBacklog(queue, now())).toEqual({ messages: 0, oldestSeconds: 0 });
  await queue.sendMessage('later', { visibilityTimeout: 3600 });
  await queue.sendMessage('one');
  await sleep(1100);
  await queue.sendMessage('two');
  const inAnHour = new Date(Date.now() + 3_600_000);
  const { messages, oldestSeconds } = await queueBacklog(queue, inAnHour);
  expect(messages).toBe(3);
  expect(oldestSeconds).toBeGreaterThanOrEqual(3601);
  expect(oldestSeconds).toBeLessThan(3620);
  await queue.delete();
});
