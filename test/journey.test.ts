import { setTimeout as sleep } from 'node:timers/promises';
import { TableClient } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../src/audit/audit-log.ts';
import type { AuditEvent } from '../src/audit/event.ts';
import { checkSchema } from '../src/check/state/check.ts';
import { checkViewSchema } from '../src/contract/check.ts';
import { type App, startApp } from './support/app/start-app.ts';
import { allEvents } from './support/faults/stored-state.ts';
import { startTestAzure } from './support/azure/test-azure.ts';
import { objectIdOf } from './support/object-id-of.ts';
import { ownAccount } from './support/run/own-account.ts';

const shop = '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers';
const watcher =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-operations/providers/Microsoft.Network/networkWatchers/eyes-of-the-west';
const body = {
  source: { resourceId: `${shop}/Microsoft.Compute/virtualMachines/web-01` },
  destination: { address: '10.1.2.4', port: 1433 },
  protocol: 'Tcp',
  reason: 'INC-1042',
};
const to = (address: string, port: number) => ({ ...body, destination: { address, port } });
const POLICY = JSON.stringify({
  version: 1,
  rules: [
    { id: 'all', effect: 'allow' },
    { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'], reason: 'ask network-security.' },
  ],
});

let azure: Awaited<ReturnType<typeof startTestAzure>>;
let app: App;

beforeAll(async () => {
  // A check takes 2–3 s, so that it can be met while it runs.
  azure = await startTestAzure(ownAccount(), { speed: 30 });
  app = await startApp({ ...azure.settings, POLICY });
});

afterAll(async () => {
  expect(await app.stop()).toBe(0);
  await azure.stop();
});

interface Asking {
  readonly roles?: readonly string[];
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

async function ask(user: string, call: string, { roles = ['Check.Request'], headers, body: sent }: Asking = {}) {
  const [method = '', path = ''] = call.split(' ');
  const answer = await fetch(`${app.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await azure.token(user, roles)}`,
      ...(sent && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(sent && { body: JSON.stringify(sent) }),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text };
}

const view = ({ text }: { text: string }) => checkViewSchema.parse(JSON.parse(text));
const errorOf = ({ text }: { text: string }) => (JSON.parse(text) as { error: { code: string } }).error.code;

async function submit(sent: object = body, headers: Record<string, string> = {}) {
  const answer = await ask('alice', 'POST /api/checks', { body: sent, headers });
  expect(answer.status).toBe(202);
  return view(answer).id;
}

const ended = async (id: string) =>
  view(await ask('alice', `GET /api/checks/${id}`, { headers: { prefer: 'wait=60' } }));

async function running(id: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (view(await ask('alice', `GET /api/checks/${id}`)).status === 'Running') return;
    await sleep(20);
  }
  throw new Error('The check does not begin to run.');
}

const insecure = { allowInsecureConnection: true };
const tableOf = (name: string) => TableClient.fromConnectionString(azure.connectionString, name, insecure);
const queueOf = (name: string) => new QueueClient(azure.connectionString, name);

/** Events by what they belong to: a check's id, or the event's own where there is no check. */
async function audit(): Promise<Map<string, AuditEvent[]>> {
  const events = new Map<string, AuditEvent[]>();
  for (const event of await allEvents(azure.connectionString)) {
    const chain = subjectOf(event);
    events.set(chain, [...(events.get(chain) ?? []), event]);
  }
  return events;
}

const actionsOf = async (id: string) => (await audit()).get(id)?.map(({ action }) => action);

describe('the journey of a check', () => {
  it('goes from 202 through queue, identity and ARM to a result with its requester', async () => {
    const before = { ...azure.arm.counters };
    const accepted = await ask('alice', 'POST /api/checks', {
      body,
      headers: { 'x-forwarded-for': '203.0.113.9:4711' },
    });
    const check = view(accepted);
    expect([accepted.status, check.status]).toEqual([202, 'NotStarted']);
    expect(accepted.headers.get('operation-location')).toBe(`${app.url}/api/checks/${check.id}`);
    expect(accepted.headers.get('location')).toBe(`${app.url}/api/checks/${check.id}/result`);
    expect(Number(accepted.headers.get('retry-after'))).toBeGreaterThan(0);

    const early = await ask('alice', `GET /api/checks/${check.id}/result`);
    expect([early.status, early.text]).toEqual([202, '']);

    const end = await ended(check.id);
    expect(end).toMatchObject({
      status: 'Succeeded',
      requester: { id: `${azure.entra.tenantId}/${objectIdOf('alice')}`, name: 'alice', kind: 'user', via: 'http' },
      networkWatcher: watcher,
      verdict: { reachability: 'Reachable', reasons: [] },
      reason: 'INC-1042',
    });
    const result = await ask('alice', `GET /api/checks/${check.id}/result`);
    expect([result.status, JSON.parse(result.text)]).toEqual([200, end.result]);
    expect(end.result).toMatchObject({ connectionStatus: 'Reachable', probesSent: 66, probesFailed: 0 });

    const { checks, unauthorized } = azure.arm.counters;
    expect([checks - before.checks, unauthorized]).toEqual([1, 0]);
    const posts = azure.arm.requests.filter(({ method }) => method === 'POST');
    expect(posts.at(-1)?.path).toBe(`${watcher}/connectivityCheck`);

    const events = (await audit()).get(check.id) ?? [];
    expect(events.map(({ action }) => action)).toEqual(['requested', 'started', 'finished']);
    for (const event of events) {
      expect(event).toMatchObject({
        checkId: check.id,
        requester: { name: 'alice' },
        deputy: 'system-assigned',
        // The front end appends what it saw; what the caller wrote before that is not believed.
        sourceAddress: '127.0.0.1',
        target: { destination: '10.1.2.4', port: 1433, protocol: 'Tcp' },
        decision: { allowed: true, rule: 'all' },
        reason: 'INC-1042',
        requestId: accepted.headers.get('x-ms-request-id'),
      });
    }
    expect(events[1]).toMatchObject({ attempt: 1, target: { networkWatcher: watcher } });
    expect(events[2]).toMatchObject({ outcome: { reachability: 'Reachable', reasons: [] }, arm: { status: 200 } });
  });

  it('is nobody else’s business, but for an auditor, whose reading is audited', async () => {
    const id = await submit(to('10.1.6.1', 443));
    const end = await ended(id);
    const [theirs, unknown] = [
      await ask('bob', `GET /api/checks/${id}`),
      await ask('bob', 'GET /api/checks/00000000-0000-4000-8000-00000000ffff'),
    ];
    const withoutId = (text: string): string => text.replace(/"requestId":"[^"]+"/, '');
    expect([theirs.status, withoutId(theirs.text)]).toEqual([404, withoutId(unknown.text)]);
    expect((await ask('bob', `GET /api/checks/${id}/result`)).status).toBe(404);
    expect((await ask('bob', `DELETE /api/checks/${id}`)).status).toBe(404);

    const read = await ask('carol', `GET /api/checks/${id}`, { roles: ['Audit.Read'] });
    expect(view(read)).toEqual(end);
    const reads = [...(await audit()).values()].flat().filter(({ action }) => action === 'read');
    expect(reads).toHaveLength(1);
    expect(reads[0]).toMatchObject({ requester: { name: 'carol' }, target: { resource: `/api/checks/${id}` } });
    expect(await actionsOf(id)).toEqual(['requested', 'started', 'finished']);
  });

  it('ends when it is canceled while it runs, and what Azure finds out later changes nothing', async () => {
    const id = await submit(to('10.1.6.4', 445));
    await running(id);
    const canceled = await ask('alice', `DELETE /api/checks/${id}`);
    expect([canceled.status, view(canceled).status]).toEqual([200, 'Canceled']);
    const result = await ask('alice', `GET /api/checks/${id}/result`);
    expect([result.status, errorOf(result)]).toEqual([409, 'CheckCanceled']);
    const again = await ask('alice', `DELETE /api/checks/${id}`);
    expect([again.status, errorOf(again)]).toEqual([409, 'CheckEnded']);
    await sleep(4000);
    expect(view(await ask('alice', `GET /api/checks/${id}`))).toEqual(view(canceled));
    expect(await actionsOf(id)).toEqual(['requested', 'started', 'canceled']);
  });

  it('waits where Azure is busy with the same source and destination, and then is run', async () => {
    const first = await submit(to('10.1.6.2', 443));
    await running(first);
    // To another port: an equal check would share the run of the first.
    const second = await submit(to('10.1.6.2', 444));
    const [one, other] = [await ended(first), await ended(second)];
    expect([one.status, other.status]).toEqual(['Succeeded', 'Succeeded']);
    expect(await actionsOf(first)).toEqual(['requested', 'started', 'finished']);
    expect(await actionsOf(second)).toEqual(['requested', 'started', 'started', 'finished']);
    // It began when Azure accepted it, not when Azure refused it.
    expect(Date.parse(other.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(one.startedAt ?? '') + 1000);
  });

  it('is one check for all requests of one idempotency key', async () => {
    const headers = { 'idempotency-key': 'journey-1' };
    const ids = await Promise.all(Array.from({ length: 8 }, () => submit(to('10.2.1.4', 22), headers)));
    expect(new Set(ids).size).toBe(1);
    expect((await ended(ids[0] ?? '')).status).toBe('Succeeded');
    expect(await actionsOf(ids[0] ?? '')).toEqual(['requested', 'started', 'finished']);
  });

  it('does not begin where policy denies: the refusal is audited, and Azure hears nothing', async () => {
    const { checks } = azure.arm.counters;
    const refused = await ask('alice', 'POST /api/checks', { body: to('10.99.0.4', 443) });
    expect([refused.status, errorOf(refused)]).toEqual([403, 'PolicyRefused']);
    expect(refused.text).toContain('ask network-security.');
    const events = [...(await audit()).values()].flat().filter(({ action }) => action === 'refused');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      decision: { allowed: false, rule: 'no-pci' },
      target: { destination: '10.99.0.4' },
    });
    expect(azure.arm.counters.checks).toBe(checks);
  });
});

describe('the app', () => {
  it('tells that it runs and is ready to whoever asks', async () => {
    for (const path of ['/api/health', '/api/health/ready']) {
      const answer = await fetch(`${app.url}${path}`);
      expect([answer.status, await answer.json()]).toMatchObject([200, { status: 'ok' }]);
    }
  });

  it('leaves nothing open: rows have ended, no marker and no message is left, every event is in the log', async () => {
    const rows: string[] = [];
    const markers: string[] = [];
    for await (const { rowKey = '', check } of tableOf('checks').listEntities<{ check: string }>()) {
      if (rowKey.startsWith('open!')) markers.push(rowKey);
      if (!rowKey.startsWith('check!')) continue;
      const stored = checkSchema.parse(JSON.parse(check));
      rows.push(stored.id);
      expect(['Succeeded', 'Canceled']).toContain(stored.status);
      expect(stored.pendingEvent).toBeUndefined();
      expect(((await actionsOf(stored.id)) ?? []).length).toBe(stored.audited);
    }
    expect([rows.length, markers]).toEqual([6, []]);
    const messagesIn = async (name: string): Promise<number | undefined> => {
      const queue = queueOf(name);
      return (await queue.exists()) ? (await queue.getProperties()).approximateMessagesCount : 0;
    };
    // A result can be seen a moment before its message is deleted.
    for (let tries = 0; tries < 50 && (await messagesIn('checks')) !== 0; tries++) await sleep(100);
    expect([await messagesIn('checks'), await messagesIn('checks-poison')]).toEqual([0, 0]);
  });
});

// Last, for a killed worker's message stays hidden in the queue for minutes.
describe('a check whose worker is killed', () => {
  it('goes on in another process, with one POST in all', async () => {
    const { checks } = azure.arm.counters;
    const id = await submit(to('10.2.1.5', 3389));
    await running(id);
    await app.kill();
    app = await startApp({ ...azure.settings, POLICY });
    expect(view(await ask('alice', `GET /api/checks/${id}`)).status).toBe('Running');
    // The killed worker may have held the message: then the sweeper sends another, which a minute's timer would start.
    const sweeping = setInterval(() => void app.runByHand('sweepChecks'), 2000);
    const end = await ended(id).finally(() => {
      clearInterval(sweeping);
    });
    expect(end).toMatchObject({ status: 'Succeeded', verdict: { reachability: 'Unreachable' } });
    expect(azure.arm.counters.checks - checks).toBe(1);
    expect(await actionsOf(id)).toEqual(['requested', 'started', 'finished']);
  });
});
