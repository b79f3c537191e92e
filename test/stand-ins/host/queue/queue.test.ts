import { randomUUID } from 'node:crypto';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startAzurite, type Azurite } from '../../../../stand-ins/storage/azurite.ts';
import type { HostOptions } from '../../../../stand-ins/host/start-host.ts';
import { fixtureHosts, until } from '../fixture-app.ts';

const hosts = fixtureHosts();
let azurite: Azurite;
let service: QueueServiceClient;

beforeAll(async () => {
  azurite = await startAzurite();
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
});
afterEach(() => hosts.stopAll());
afterAll(() => azurite.stop());

const base64 = (text: string) => Buffer.from(text).toString('base64');
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function newQueue(): Promise<QueueClient> {
  const queue = service.getQueueClient(`q${randomUUID()}`);
  await queue.create();
  return queue;
}

const poisonOf = (queue: QueueClient) => service.getQueueClient(`${queue.name}-poison`);

/** Code that has the handler, an expression, run for each message of the queue. */
function triggered(queue: QueueClient, handler: string): string {
  const name = JSON.stringify(queue.name);
  return `app.storageQueue(${name}, { queueName: ${name}, connection: 'AzureWebJobsStorage', handler: ${handler} });\n`;
}

function start(code: string, queues: object = {}, limits: HostOptions['limits'] = {}) {
  const environment = { AzureWebJobsStorage: azurite.connectionString };
  const settings = { maxPollingInterval: '00:00:01', ...queues };
  return hosts.start(code, { environment, limits }, { extensions: { queues: settings } });
}

async function lengthOf(queue: QueueClient): Promise<number> {
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}

/** Receives the message again and again, as hosts do that are killed each time. */
async function dequeue(queue: QueueClient, times: number): Promise<void> {
  for (let received = 0; received < times; received += 1) {
    const [message] = (await queue.receiveMessages({ visibilityTimeout: 100 })).receivedMessageItems;
    await queue.updateMessage(message!.messageId, message!.popReceipt, undefined, 0);
  }
}

const note = `(message, context) => { seen.events.push(message); }`;
const noteAndFail = `(message, context) => { seen.events.push(context.triggerMetadata.dequeueCount); throw new Error('no'); }`;

test('a message is run with what the host tells of it, and removed', async () => {
  const queue = await newQueue();
  const { seen } = await start(
    triggered(queue, `(message, context) => { seen.events.push(message, context.triggerMetadata); }`),
  );
  const body = { checkId: 'a', n: 7, deep: { B: 1 }, list: [1], none: null, Id: 'mine' };
  const sent = await queue.sendMessage(base64(JSON.stringify(body)));
  await until('the run', () => seen.events.length > 0);
  expect(seen.events[0]).toEqual(body);
  expect(seen.events[1]).toEqual({
    // Members of the message beside and over the host's own, but neither lists nor nulls.
    checkId: 'a',
    n: 7,
    deep: { b: 1 },
    id: 'mine',
    dequeueCount: 1,
    queueTrigger: { ...body, deep: { b: 1 }, id: 'mine', Id: undefined },
    insertionTime: sent.insertedOn.toISOString(),
    expirationTime: sent.expiresOn.toISOString(),
    nextVisibleTime: expect.any(String) as string,
    popReceipt: expect.any(String) as string,
  });
  await until('the removal', async () => (await lengthOf(queue)) === 0);
});

test('a queue that does not exist yet is waited for, in silence', async () => {
  const queue = service.getQueueClient(`q${randomUUID()}`);
  const { seen, lines } = await start(triggered(queue, note));
  await wait(500);
  await queue.create();
  await queue.sendMessage(base64('late'));
  await until('the run', () => seen.events.length > 0);
  expect(seen.events).toEqual(['late']);
  expect(lines.map(({ message }) => message)).toEqual([`Executed '${queue.name}' (Succeeded)`]);
});

test('a message that fails maxDequeueCount times is moved to the poison queue, where it has a function too', async () => {
  const queue = await newQueue();
  const poisoned = triggered(poisonOf(queue), `(message) => { seen.events.push('poisoned ' + message); }`);
  const { seen, lines } = await start(triggered(queue, noteAndFail) + poisoned, { maxDequeueCount: 3 });
  await queue.sendMessage(base64('bad'));
  await until('the poison run', () => seen.events.length === 4);
  expect(seen.events).toEqual([1, 2, 3, 'poisoned bad']);
  await until('empty queues', async () => (await lengthOf(queue)) + (await lengthOf(poisonOf(queue))) === 0);
  expect(lines.filter(({ message }) => message.includes('-poison at attempt 3'))).toHaveLength(1);
});

test('the last failure moves a message at once, without another wait', async () => {
  const queue = await newQueue();
  const { seen } = await start(triggered(queue, noteAndFail), { maxDequeueCount: 1, visibilityTimeout: '00:05:00' });
  await queue.sendMessage(base64('bad'));
  await until('the move', async () => (await poisonOf(queue).exists()) && (await lengthOf(queue)) === 0);
  expect(seen.events).toEqual([1]);
});

test('a message that was received maxDequeueCount times already is moved without a run; one time fewer is run', async () => {
  const [spent, last] = [await newQueue(), await newQueue()];
  await spent.sendMessage(base64('spent'));
  await dequeue(spent, 3);
  await last.sendMessage(base64('last'));
  await dequeue(last, 2);
  const { seen } = await start(triggered(spent, note) + triggered(last, note), { maxDequeueCount: 3 });
  await until('the move', async () => (await poisonOf(spent).exists()) && (await lengthOf(poisonOf(spent))) === 1);
  await until('the run', () => seen.events.length > 0);
  expect(seen.events).toEqual(['last']);
  expect(await lengthOf(spent)).toBe(0);
});

test('a message that fails in a poison queue stays hidden there, and gets no poison queue of its own', async () => {
  const queue = service.getQueueClient(`q${randomUUID()}-poison`);
  await queue.create();
  const { seen } = await start(triggered(queue, noteAndFail), { maxDequeueCount: 1 });
  await queue.sendMessage(base64('bad'));
  await until('the run', () => seen.events.length > 0);
  await wait(1500);
  expect(seen.events).toEqual([1]);
  expect([await lengthOf(queue), await poisonOf(queue).exists()]).toEqual([1, false]);
});

test('after a failure a message waits for the visibilityTimeout of host.json', async () => {
  const queue = await newQueue();
  const at = `(message) => { seen.events.push(Date.now()); throw new Error('no'); }`;
  const { seen } = await start(triggered(queue, at), { visibilityTimeout: '00:00:02', maxDequeueCount: 2 });
  await queue.sendMessage(base64('bad'));
  await until('two runs', () => seen.events.length === 2);
  const [first, second] = seen.events as [number, number];
  expect(second - first).toBeGreaterThanOrEqual(1900);
});

test('a message that is not base64 is moved as it came when it is first received, and stays in the poison queue', async () => {
  const queue = await newQueue();
  const poisoned = triggered(poisonOf(queue), `(message) => { seen.events.push('poisoned ' + message); }`);
  const { seen, lines } = await start(triggered(queue, note) + poisoned, {}, { invisibleSeconds: 1 });
  await queue.sendMessage('{"checkId": "not base64 at all"}');
  await queue.sendMessage(base64('good'));
  await until('the move', async () => await poisonOf(queue).exists());
  await until('the good one', () => seen.events.length > 0);
  const refused = (name: string) =>
    lines.filter(({ message }) => message.endsWith(` of queue ${name} is not base64: not run.`)).length;
  await until('another receipt of it', () => refused(poisonOf(queue).name) > 1);
  expect([seen.events, refused(queue.name), await lengthOf(poisonOf(queue))]).toEqual([['good'], 1, 1]);
});

test('a message that is not UTF-8 fails as often as any, is moved, and stays in the poison queue', async () => {
  const queue = await newQueue();
  const poisoned = triggered(poisonOf(queue), `(message) => { seen.events.push('poisoned ' + message); }`);
  const { seen, lines } = await start(triggered(queue, note) + poisoned, { maxDequeueCount: 2 });
  await queue.sendMessage(Buffer.from([0xff, 0xfe]).toString('base64'));
  const refused = (name: string) =>
    lines.filter(({ message }) => message.endsWith(` of queue ${name} is not UTF-8: not run.`)).length;
  await until('its receipt in the poison queue', () => refused(poisonOf(queue).name) > 0);
  expect([seen.events, refused(queue.name), await lengthOf(poisonOf(queue))]).toEqual([[], 2, 1]);
});

test('no warning of Node’s comes of a full batch', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  const queue = await newQueue();
  for (let sent = 0; sent < 24; sent += 1) await queue.sendMessage(base64(String(sent)));
  const slow = `async () => { seen.events.push('run'); await new Promise((resolve) => setTimeout(resolve, 200)); }`;
  const { seen } = await start(triggered(queue, slow), { batchSize: 24 });
  await until('all runs', async () => seen.events.length === 24 && (await lengthOf(queue)) === 0);
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

test('no more than batchSize and newBatchThreshold together run at once, and so many do', async () => {
  const queue = await newQueue();
  for (let sent = 0; sent < 24; sent += 1) await queue.sendMessage(base64(String(sent)));
  const handler = `async () => {
    seen.mostRunning = Math.max(seen.mostRunning, ++seen.running);
    // Every other run is slow, so that a new batch is taken while some still run.
    await new Promise((resolve) => setTimeout(resolve, seen.events.push('run') % 2 ? 20 : 400));
    seen.running -= 1;
  }`;
  const { seen } = await start(triggered(queue, handler), { batchSize: 4, newBatchThreshold: 2 });
  await until('all runs', async () => (await lengthOf(queue)) === 0);
  expect([seen.events.length, seen.mostRunning]).toEqual([24, 6]);
});

test('a message is kept from others for as long as it runs, although that is longer than it is hidden at once', async () => {
  const queue = await newQueue();
  const handler = `async (message, context) => {
    seen.events.push(context.triggerMetadata.dequeueCount);
    await new Promise((resolve) => setTimeout(resolve, 4500));
    seen.running = -1;
  }`;
  const { seen } = await start(triggered(queue, handler), {}, { invisibleSeconds: 2 });
  await queue.sendMessage(base64('long'));
  await until('the run', () => seen.events.length > 0);
  while (seen.running === 0) {
    expect((await queue.receiveMessages({ visibilityTimeout: 100 })).receivedMessageItems).toEqual([]);
    await wait(100);
  }
  await until('the removal', async () => (await lengthOf(queue)) === 0);
  expect(seen.events).toEqual([1]);
});

test('storage that is away is reported and asked again', async () => {
  const away = await startAzurite();
  const queue = QueueServiceClient.fromConnectionString(away.connectionString).getQueueClient('away');
  const { lines } = await hosts.start(triggered(queue, note), {
    environment: { AzureWebJobsStorage: away.connectionString },
  });
  await away.stop();
  await until(
    'two reports',
    () => lines.filter(({ message }) => message === 'Queue away could not be read.').length >= 2,
  );
});

test('stop waits for the run under way, removes its message, and leaves the next one to another start', async () => {
  const queue = await newQueue();
  const slow = `async (message) => { seen.events.push(message); await new Promise((resolve) => setTimeout(resolve, 800)); seen.events.push('end'); }`;
  const first = await start(triggered(queue, slow));
  await queue.sendMessage(base64('one'));
  await until('the first run', () => first.seen.events.length > 0);
  const stopped = first.stop();
  await queue.sendMessage(base64('two'));
  await stopped;
  expect(first.seen.events).toEqual(['one', 'end']);
  expect(await lengthOf(queue)).toBe(1);
  const second = await start(triggered(queue, note));
  await until('the second run', () => second.seen.events.length > 0);
  expect(second.seen.events).toEqual(['two']);
});
