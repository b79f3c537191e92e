import { setTimeout as sleep } from 'node:timers/promises';
import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkKey, checkMarkers, shardOf } from '../src/storage/table/check-keys.ts';
import { resourceNames } from '../src/triggers.ts';
import { type App, startApp } from './support/app/start-app.ts';
import { startTestAzure } from './support/azure/test-azure.ts';
import { until } from './support/until.ts';
import { ownAccount } from './support/run/own-account.ts';

const local = { allowInsecureConnection: true };
const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
const traceOf = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
/** Lines that are about no check. */
const ofTheApp = ['policy loaded', 'queue', 'The audit was sealed.', 'audit verified'];

interface Line {
  readonly message: string;
  readonly traceparent?: string;
  readonly checkId?: string;
}

let azure: Awaited<ReturnType<typeof startTestAzure>>;
let app: App;

beforeAll(async () => {
  azure = await startTestAzure(ownAccount(), { speed: 30 });
  app = await startApp({ ...azure.settings, POLICY });
});
afterAll(async () => {
  expect(await app.stop()).toBe(0);
  await azure.stop();
});

async function ask(method: string, path: string, trace?: string, body?: object) {
  const headers = {
    authorization: `Bearer ${await azure.token('alice')}`,
    ...(trace !== undefined && { traceparent: trace }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const answer = await fetch(`${app.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return (await answer.json()) as { id: string; status: string };
}

async function submit(address: string, port: number, trace?: string): Promise<string> {
  const shop = '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers';
  const source = { resourceId: `${shop}/Microsoft.Compute/virtualMachines/web-01` };
  return (await ask('POST', '/api/checks', trace, { source, destination: { address, port }, protocol: 'Tcp' })).id;
}

const isIn = (id: string, status: string) =>
  until(`a check that is ${status}`, 30, async () => (await ask('GET', `/api/checks/${id}`)).status === status);
const runByHand = (name: string) => app.runByHand(name);

/** As if its message had been lost ten minutes ago. */
async function makeOverdue(id: string): Promise<void> {
  const table = TableClient.fromConnectionString(azure.connectionString, resourceNames.checksTable, local);
  const dueAt = new Date(Date.now() - 600_000).toISOString();
  await table.updateEntity({ partitionKey: shardOf(id), rowKey: checkMarkers.keyOf(id), dueAt }, 'Merge');
}

/** As if each of its steps had broken down. */
async function poison(id: string): Promise<void> {
  const table = TableClient.fromConnectionString(azure.connectionString, resourceNames.checksTable, local);
  const row = await table.getEntity<{ check: string }>(shardOf(id), checkKey(id));
  const dueAt = new Date(Date.now() - 100_000).toISOString();
  const check = JSON.stringify({ ...(JSON.parse(row.check) as object), dueAt });
  await table.updateEntity({ partitionKey: shardOf(id), rowKey: checkKey(id), check }, 'Merge');
  const queue = new QueueClient(azure.connectionString, resourceNames.poisonQueue);
  await queue.createIfNotExists();
  await queue.sendMessage(Buffer.from(JSON.stringify({ checkId: id })).toString('base64'));
}

/** What the app itself wrote; the host's lines are no JSON. */
const linesOf = (): Line[] =>
  app.log.flatMap((text) => {
    const { message } = JSON.parse(text) as { message: string };
    return message.startsWith('{') ? [JSON.parse(message) as Line] : [];
  });

describe('the log of a run, from submit to end', () => {
  const checks: Record<'plain' | 'busy' | 'canceled' | 'poisoned', string> = {
    ...{ plain: '', busy: '', canceled: '', poisoned: '' },
  };

  beforeAll(async () => {
    checks.plain = await submit('10.1.2.4', 1433, traceOf('1'));
    checks.busy = await submit('10.1.5.5', 443);
    checks.canceled = await submit('10.1.5.10', 443, traceOf('3'));
    await isIn(checks.canceled, 'Running');
    await ask('DELETE', `/api/checks/${checks.canceled}`, traceOf('a'));
    checks.poisoned = await submit('10.1.5.10', 443, traceOf('4'));
    await isIn(checks.poisoned, 'Running');
    await makeOverdue(checks.poisoned);
    await runByHand('sweepChecks');
    await runByHand('sealAudit');
    await runByHand('verifyLastDays');
    // A message of the sweeper's may move it before the handler comes to it.
    await until('the end of the poisoned check', 30, async () => {
      await poison(checks.poisoned);
      await sleep(1000);
      return (await ask('GET', `/api/checks/${checks.poisoned}`)).status === 'Failed';
    });
    await isIn(checks.plain, 'Succeeded');
    await isIn(checks.busy, 'Succeeded');
    await sleep(500);
  });

  it('has every kind of line', () => {
    const expected = [
      ...['arm', 'step', 'check ended', 'An overdue check was queued again.', 'A message was poisonous.'],
      ...ofTheApp,
    ];
    expect([...new Set(linesOf().map(({ message }) => message))].toSorted()).toEqual(expected.toSorted());
  });

  it('has the check in every line that is about one', () => {
    const ids = Object.values(checks);
    const aboutChecks = linesOf().filter(({ message }) => !ofTheApp.includes(message));
    expect(aboutChecks.filter(({ checkId = '' }) => !ids.includes(checkId))).toEqual([]);
  });

  it('keeps the caller’s trace for a check, whoever works on it, and has none where nobody gave one', () => {
    const tracesOf = (id: string) => {
      const lines = linesOf().filter(({ checkId, message }) => checkId === id && !message.includes('overdue'));
      return [...new Set(lines.map(({ traceparent }) => traceparent))];
    };
    expect(tracesOf(checks.plain)).toEqual([traceOf('1')]);
    expect(tracesOf(checks.canceled)).toEqual([traceOf('3')]);
    expect(tracesOf(checks.poisoned)).toEqual([traceOf('4')]);
    expect(tracesOf(checks.busy)).toEqual([undefined]);
    expect(linesOf().filter(({ traceparent }) => traceparent === '')).toEqual([]);
  });
});
