import { randomUUID } from 'node:crypto';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import { until } from '../support/until.ts';
import { ownAccount } from '../support/run/own-account.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  // A failed message comes back at once.
  azure = await startFaultyAzure(ownAccount(), { queues: { visibilityTimeout: '00:00:00' } });
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

const logged = (app: FaultyApp, ...words: string[]): boolean =>
  app.log.some((line) => words.every((word) => line.includes(word)));

it('a message whose removal was lost says and does nothing when it comes again', async () => {
  const id = azure.checkIdOf('removal');
  let isLost = true;
  const decide: Decide = (io, stage) =>
    isLost && stage === 'before' && io.operation === 'delete' ? { kind: 'drop' } : undefined;
  const app = await azure.start({ decide });
  await azure.ask(app, 'removal');
  const before = await azure.settle(app);
  await until(
    'both removals to be given up',
    20,
    () => app.log.filter((line) => line.includes('could not be finished')).length === 2,
  );
  isLost = false;
  const asked = azure.azure.arm.requests.length;

  await azure.redeliver();
  await azure.handled();
  await until('the log line on it', 20, () => logged(app, id, 'over'));
  expect(await azure.state()).toEqual(before);
  expect(azure.azure.arm.requests).toHaveLength(asked);
  expect(before.checks.get(id)?.status).toBe('Succeeded');
  expect(breaches({ accepted: [id], stored: before, log: azure.trace.log })).toEqual([]);
});

it('five messages of one check at once poll its operation once', async () => {
  const app = await azure.start();
  const id = azure.checkIdOf('doubled');
  await azure.ask(app, 'doubled');
  await until('the operation', 20, async () => (await azure.state()).checks.get(id)?.status === 'Running');
  const queue = new QueueClient(azure.connectionString, 'checks');
  const text = Buffer.from(JSON.stringify({ checkId: id })).toString('base64');
  await Promise.all(Array.from({ length: 4 }, () => queue.sendMessage(text)));
  const stored = await azure.settle(app);
  await azure.handled();
  const polls = azure.trace.log.filter(({ operation, checkIds }) => operation === 'poll' && checkIds.includes(id));
  expect([stored.checks.get(id)?.status, polls.length]).toEqual(['Succeeded', 1]);
  expect(breaches({ accepted: [id], stored, log: azure.trace.log })).toEqual([]);
});

it('a message that five processes died of ends its check as failed', async () => {
  const id = azure.checkIdOf('poison');
  // In which no sweep finds the check overdue, however long the crashes take.
  const clock = { since: Date.now(), speed: 0.05 };
  for (let crashes = 0; crashes < 5; crashes++) {
    let isDead = false;
    // The submission reads the row too.
    let reads = crashes === 0 ? -1 : 0;
    const decide: Decide = (io, stage) => {
      if (io.operation !== 'read row' || stage === 'before' || !io.checkIds.includes(id)) return undefined;
      if (reads++ < 0) return undefined;
      isDead ||= process.kill(app.pid, 'SIGKILL');
      return { kind: 'drop' };
    };
    const app: FaultyApp = await azure.start({ decide, clock });
    if (crashes === 0) expect((await azure.ask(app, 'poison')).status).toBe(202);
    await azure.redeliver();
    await until('the crash', 20, () => isDead);
    await app.kill();
  }
  // The host's five attempts take longer than a lease.
  const app = await azure.start({ clock: { shiftSeconds: 125 } });
  await azure.redeliver();
  const stored = await azure.settle(app);
  expect(stored.checks.get(id)).toMatchObject({ status: 'Failed', error: { code: 'Poisoned' }, attempts: 0 });
  expect(stored.events.get(id)?.map(({ event }) => event.action)).toEqual(['requested', 'failed']);
  await until('the log line on it', 20, () => logged(app, id, 'poisonous'));
  // Also one that the sweeper sent meanwhile: with its host gone it would be hidden for ten minutes.
  await azure.handled();
  expect(breaches({ accepted: [id], stored, log: azure.trace.log })).toEqual([]);
}, 480_000);

it('a message that is garbage, forged or huge is dropped, named in the log, and believed in nothing', async () => {
  const app = await azure.start();
  const own = azure.checkIdOf('own');
  await azure.ask(app, 'own');
  const before = await azure.settle(app);
  const asked = azure.azure.arm.requests.length;
  const queue = new QueueClient(azure.connectionString, 'checks');
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const forged = {
    'no JSON': 'garbage',
    'no object': '[]',
    'no check': '{}',
    'no UUID': '{"checkId":"../../audit"}',
    'more than a check': JSON.stringify({ checkId: own, status: 'Running', operationUrl: 'http://127.0.0.1:9/' }),
    huge: JSON.stringify({ checkId: own, padding: 'x'.repeat(48_000) }),
    'a line break': '{"checkId":"\\n{\\"message\\":\\"forged\\"}"}',
  };
  for (const text of Object.values(forged)) {
    const { messageId } = await queue.sendMessage(base64(text));
    await until(`the log line on ${text.slice(0, 80)}`, 20, () => logged(app, messageId, 'dropped'));
  }
  const nobodys = randomUUID();
  await queue.sendMessage(base64(JSON.stringify({ checkId: nobodys })));
  await until('the log line on a check that is nobody’s', 20, () => logged(app, nobodys, 'unknown'));
  const { messageId } = await queue.sendMessage('not base64 <>');
  await until('the poison queue', 20, () => logged(app, messageId, 'moves to checks-poison'));
  expect(logged(app, messageId, 'not base64')).toBe(true);

  await until('an empty queue', 60, async () => (await queue.getProperties()).approximateMessagesCount === 0);
  expect(await azure.state()).toEqual(before);
  expect(azure.azure.arm.requests).toHaveLength(asked);
  expect(app.log.every((line) => JSON.parse(line) !== null)).toBe(true);
}, 360_000);
