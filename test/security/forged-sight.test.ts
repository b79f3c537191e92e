import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TableClient, type TableEntityResult } from '@azure/data-tables';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../src/check/state/check.ts';
import { sha256 } from '../../src/contract/sha256.ts';
import type { CheckSet } from '../../src/set/state/set.ts';
import { resourceNames } from '../../src/triggers.ts';
import { sampleCaller } from '../support/samples.ts';
import { until } from '../support/until.ts';
import { allowAll, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';

// Whoever may read and write the tables `checks` and `notices`, and not `audit`, opens nothing by it that the proxy keeps closed.

const team = '00000000-0000-4000-8000-00000000a001';
const own = { ...allowAll, id: 'own', visibleTo: [team] };
/** Mallory may test all but that; nobody else's check of it is to come to her. */
const secret = { ...goodCheck, destination: { address: '10.1.4.3', port: 3389 } };
const rules = [allowAll, own];
const open = { allowInsecureConnection: true };
const mallory = { user: 'mallory' };
const auditor = { user: 'carol', roles: ['Audit.Read'] };

type Row = TableEntityResult<Record<string, unknown>>;

let proxy: Proxy;
let receiver: Server;
const received: string[] = [];
let origin: string;
let checks: TableClient;
let notices: TableClient;
beforeAll(async () => {
  receiver = createServer((request, response) => {
    received.push(request.url ?? '');
    request.resume();
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const POLICY = JSON.stringify({ version: 1, rules, callbacks: [`${origin}/**`] });
  const CALLBACK_SECRET = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;
  proxy = await startProxy(rules, { settings: { POLICY, CALLBACK_SECRET } });
  const { connectionString } = proxy.azure;
  checks = TableClient.fromConnectionString(connectionString, resourceNames.checksTable, open);
  notices = TableClient.fromConnectionString(connectionString, resourceNames.noticesTable, open);
});
afterAll(async () => {
  await proxy.stop();
  receiver.close();
});

const partitionOf = (id: string): string => String(Number.parseInt(id.slice(-1), 16) % 4);
const rowOf = (id: string): Promise<Row> => checks.getEntity(partitionOf(id), `check!${id}`);
const checkIn = (row: Row): Check => JSON.parse(String(row['check'])) as Check;
const setIn = (row: Row): CheckSet => JSON.parse(String(row['set'])) as CheckSet;
const tokenId = async (user: string): Promise<string> => {
  const { json } = await proxy.ask('/api/me', { user });
  return (json as { requester: { id: string } }).requester.id;
};
const asCaller = async (user: string, caller: Check['caller']): Promise<Check['caller']> => {
  const id = await tokenId(user);
  return { ...caller, requester: { ...caller.requester, id, objectId: id.split('/')[1] ?? '', name: user } };
};

/** Alice's check of what is secret, which has ended. */
async function endedCheck(): Promise<string> {
  const id = idOf(await proxy.submit(secret));
  await proxy.ended(id);
  // Nobody writes the row any more.
  await until('its last write', 10, async () => !('pendingEvent' in checkIn(await rowOf(id))));
  return id;
}

let undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const back of undo.reverse()) await back();
  undo = [];
});

/** Writes a row in place of what is there until the test is over. */
async function put(row: Row): Promise<void> {
  await checks.upsertEntity({ ...row, partitionKey: String(row.partitionKey), rowKey: String(row.rowKey) }, 'Replace');
}

async function change(id: string, changes: (check: Check) => Partial<Check> | Promise<Partial<Check>>, more = {}) {
  const row = await rowOf(id);
  const check = checkIn(row);
  undo.push(() => put(row));
  await put({ ...row, check: JSON.stringify({ ...check, ...(await changes(check)) }), ...more });
}

const eventsOf = async (id: string) => (await proxy.events()).filter(({ checkId }) => checkId === id);

/** Every call that tells of a check, or moves it. */
const calls = (id: string) => [
  { path: `/api/checks/${id}` },
  { path: `/api/checks/${id}/result` },
  { path: `/api/checks/${id}/comparison` },
  { path: `/api/checks/${id}/rerun`, method: 'POST', body: {} },
  { path: `/api/checks/${id}/share`, method: 'POST', body: {} },
  { path: `/api/checks/${id}/share`, method: 'DELETE' },
  { path: `/api/checks/${id}`, method: 'DELETE' },
];

async function expectClosed(id: string, asking: object): Promise<void> {
  const before = (await eventsOf(id)).length;
  for (const { path, ...call } of calls(id)) {
    const { status, text } = await proxy.ask(path, { ...call, ...asking });
    expect([path, status]).toEqual([path, 404]);
    expect(text).not.toContain(secret.destination.address);
  }
  expect(await eventsOf(id)).toHaveLength(before);
}

const unsigned = { signature: undefined };

describe('the row of a check that was rewritten', () => {
  let id: string;
  let other: string;
  beforeAll(async () => {
    id = await endedCheck();
    other = idOf(await proxy.submit(secret, mallory));
    await proxy.ended(other, mallory);
  });

  it.each<[string, () => Promise<object>]>([
    ['the signature that it had', () => Promise.resolve({})],
    ['no signature', () => Promise.resolve(unsigned)],
    ['the signature of another row', async () => ({ signature: (await rowOf(other))['signature'] })],
  ])('with somebody else as its requester, and %s, opens nothing to them, and the log tells it', async (_, more) => {
    const lines = proxy.log().length;
    await change(id, async ({ caller }) => ({ caller: await asCaller('mallory', caller) }), await more());
    await expectClosed(id, mallory);
    expect((await proxy.ask(`/api/checks/${id}`)).status).toBe(404);
    await until('the line on it', 10, () =>
      proxy
        .log()
        .slice(lines)
        .some((line) => line.includes(id) && line.includes('somebody changed the table')),
    );
  });

  it('is none of another check’s place', async () => {
    const [row, there] = [await rowOf(id), await rowOf(other)];
    undo.push(() => put(there));
    await put({ ...row, partitionKey: partitionOf(other), rowKey: `check!${other}` });
    for (const user of ['alice', 'mallory'])
      expect((await proxy.ask(`/api/checks/${other}`, { user })).status).toBe(404);
  });

  it.each([
    ['and the signature that it had', {}],
    ['and no signature', unsigned],
  ])('with a share of its own %s is shared with nobody', async (_, more) => {
    await change(id, () => ({ sharedWith: { until: '2099-01-01T00:00:00.000Z' } }), more);
    await expectClosed(id, mallory);
  });

  it.each([
    ['and the signature that it had', {}],
    ['and no signature', unsigned],
  ])('with a rule that is visible to a group %s is visible to nobody of it', async (_, more) => {
    await change(id, ({ decision }) => ({ decision: { ...decision, rule: 'own' } }), more);
    await expectClosed(id, { ...mallory, claims: { groups: [team] } });
  });

  it('with an event of its own brings it not into the audit', async () => {
    const before = (await eventsOf(id)).length;
    const [requested] = await eventsOf(id);
    const pendingEvent = { ...requested!, action: 'exported' as const, requester: sampleCaller('victim').requester };
    for (const more of [{}, unsigned]) {
      await change(id, ({ audited }) => ({ pendingEvent, audited: audited + 1, awaited: true }), more);
      const marker = {
        partitionKey: partitionOf(id),
        rowKey: `open!${id}`,
        dueAt: new Date().toISOString(),
        sweeps: 0,
      };
      await checks.upsertEntity(marker);
      await new QueueClient(proxy.azure.connectionString, resourceNames.queue).sendMessage(
        Buffer.from(JSON.stringify({ checkId: id })).toString('base64'),
      );
      await until('its closing', 20, async () => !('awaited' in checkIn(await rowOf(id))));
    }
    expect(await eventsOf(id)).toHaveLength(before);
  });

  it('is in no list of those for whom its rule is visible, whatever rows of lists say', async () => {
    const { requester } = await asCaller('mallory', checkIn(await rowOf(id)).caller);
    const inList = { ...mallory, claims: { groups: [team] } };
    let forged = 0;
    for await (const row of checks.listEntities<Row>()) {
      const { rowKey = '', partitionKey = '' } = row;
      if (!rowKey.startsWith('all!') || !rowKey.endsWith(id)) continue;
      const view = { ...(JSON.parse(String(row['view'])) as object), requester };
      for (const forgedView of [row['view'], JSON.stringify(view)]) {
        const key = rowKey.replace('all!', `ru!${sha256('own').slice(0, 32)}!`);
        await put({ ...row, partitionKey, rowKey: key, rule: 'own', view: forgedView });
        const { status, text } = await proxy.ask('/api/checks?scope=visible', inList);
        expect([status, text.includes(id)]).toEqual([200, false]);
        forged++;
      }
      undo.push(() => checks.deleteEntity(partitionKey, rowKey.replace('all!', `ru!${sha256('own').slice(0, 32)}!`)));
    }
    expect(forged).toBe(2);
  });

  it('is believed again once it is as it was', async () => {
    const { status, json } = await proxy.ask(`/api/checks/${id}`);
    expect([status, json]).toMatchObject([200, { id, status: 'Succeeded' }]);
    expect((await proxy.ask(`/api/checks/${id}`, mallory)).status).toBe(404);
  });
});

it('a row without a signature, as earlier versions wrote it, is still its requester’s, and is signed when it moves', async () => {
  const id = await endedCheck();
  await change(id, () => ({}), unsigned);
  expect((await proxy.ask(`/api/checks/${id}/result`)).status).toBe(200);
  expect((await proxy.ask(`/api/checks/${id}`, auditor)).status).toBe(200);
  expect((await rowOf(id))['signature']).toBeUndefined();
  expect((await proxy.ask(`/api/checks/${id}/share`, { method: 'POST', body: {} })).status).toBe(200);
  expect((await rowOf(id))['signature']).toEqual(expect.any(String));
  expect((await proxy.ask(`/api/checks/${id}`, mallory)).status).toBe(200);
});

describe('a set', () => {
  const asked = { checks: [secret, { ...secret, destination: { ...secret.destination, port: 3390 } }] };
  let id: string;
  beforeAll(async () => {
    const answer = await proxy.ask('/api/sets', { method: 'POST', body: asked });
    id = (answer.json as { id: string }).id;
    await proxy.ask(`/api/sets/${id}`, { headers: { prefer: 'wait=60' } });
  });
  const setRow = (): Promise<Row> => checks.getEntity(partitionOf(id), `set!${id}!`);

  async function changeSet(changes: (set: CheckSet) => Promise<Partial<CheckSet>>): Promise<void> {
    const row = await setRow();
    undo.push(() => put(row));
    const set = setIn(row);
    await put({ ...row, set: JSON.stringify({ ...set, ...(await changes(set)) }) });
  }

  it('of another requester by its row alone opens nothing to them', async () => {
    await changeSet(async ({ caller }) => ({ caller: await asCaller('mallory', caller) }));
    for (const call of [
      { path: `/api/sets/${id}` },
      { path: `/api/sets/${id}/rerun`, method: 'POST', body: {} },
      { path: `/api/sets/${id}`, method: 'DELETE' },
    ])
      expect((await proxy.ask(call.path, { ...call, ...mallory })).status).toBe(404);
  });

  it('in somebody else’s list is not in what that answers', async () => {
    const requesterId = await tokenId('mallory');
    const row = {
      partitionKey: partitionOf(sha256(requesterId).slice(0, 1)),
      rowKey: `sets!${requesterId.replace('/', '_')}!0000000000000!${id}`,
      waiting: 0,
    };
    undo.push(() => checks.deleteEntity(row.partitionKey, row.rowKey));
    await checks.createEntity(row);
    const { json, text } = await proxy.ask('/api/sets', mallory);
    expect(json).toMatchObject({ value: [] });
    expect(text).not.toContain(id);
  });

  it('that somebody else’s idempotency key was led to is not answered to them', async () => {
    const sending = { method: 'POST', headers: { 'idempotency-key': 'mine' }, body: asked, ...mallory };
    const mine = ((await proxy.ask('/api/sets', sending)).json as { id: string }).id;
    const { value } = (await proxy.ask('/api/sets', mallory)).json as { value: { id: string }[] };
    expect(value.map((set) => set.id)).toContain(mine);
    const { fingerprint } = setIn(await checks.getEntity<Row>(partitionOf(mine), `set!${mine}!`));
    await changeSet(() => Promise.resolve({ fingerprint }));
    for await (const row of checks.listEntities<Row>())
      if (row.rowKey?.startsWith('setkey!') && row['setId'] === mine) await put({ ...row, setId: id } as Row);
    const { status, text } = await proxy.ask('/api/sets', sending);
    expect([status, text.includes(id)]).toEqual([422, false]);
  });
});

describe('a callback', () => {
  const notify = (kind: 'check' | 'set', id: string) =>
    new QueueClient(proxy.azure.connectionString, resourceNames.noticesQueue).sendMessage(
      Buffer.from(JSON.stringify({ about: { kind, id }, to: 'callback' })).toString('base64'),
    );
  const pending = () => ({ callback: { origin, status: 'pending' as const, attempts: 0 } });

  /** A notice that is due, to a URL that the policy names; the answer is over when it is gone. */
  async function deliver(kind: 'check' | 'set', id: string, url: string): Promise<void> {
    const dueAt = new Date(Date.now() - 1000).toISOString();
    const key = { partitionKey: partitionOf(id), rowKey: `${kind}!${id}!callback` };
    const notice = JSON.stringify({ about: { kind, id }, to: { kind: 'callback', url }, dueAt, attempts: 0 });
    await notices.upsertEntity({ ...key, lookAt: dueAt, sweeps: 0, notice });
    await notify(kind, id);
    await until('the notice to go', 20, async () => {
      for await (const { rowKey } of notices.listEntities()) if (rowKey === key.rowKey) return false;
      return true;
    });
  }

  /** Whoever reads the table and the program knows of what a mark is made. */
  const markOf = (id: string, url: string): string => sha256(JSON.stringify([id, url]));

  it('goes where the requester named it', async () => {
    const url = `${origin}/named`;
    await proxy.ended(idOf(await proxy.submit({ ...goodCheck, callback: { url } })));
    await until('the callback', 30, () => received.includes('/named'));
    const set = { checks: [goodCheck], callback: { url: `${origin}/named-set` } };
    expect((await proxy.ask('/api/sets', { method: 'POST', body: set })).status).toBe(202);
    await until('the callback of the set', 60, () => received.includes('/named-set'));
  });

  it('goes nowhere for a check whose row somebody gave a mark for a URL of theirs', async () => {
    const id = await endedCheck();
    const url = `${origin}/stolen/check`;
    for (const more of [{}, unsigned]) {
      await change(id, () => ({ ...pending(), callbackMark: markOf(id, url) }), more);
      await deliver('check', id, url);
    }
    expect(received).not.toContain('/stolen/check');
  });

  it('goes nowhere for a set whose row somebody gave such a mark, or that nobody asked for', async () => {
    const answer = await proxy.ask('/api/sets', { method: 'POST', body: { checks: [secret] } });
    const { id } = answer.json as { id: string };
    await proxy.ask(`/api/sets/${id}`, { headers: { prefer: 'wait=60' } });
    const url = `${origin}/stolen/set`;
    const row = await checks.getEntity<Row>(partitionOf(id), `set!${id}!`);
    const set = { ...setIn(row), ...pending(), callbackMark: markOf(id, url) };
    await put({ ...row, set: JSON.stringify(set) } as Row);
    await deliver('set', id, url);
    const theirs = set.id.replace(/^./, (digit) => (digit === 'f' ? 'e' : 'f'));
    const forged = { ...set, id: theirs, callbackMark: markOf(theirs, url) };
    await put({ ...row, rowKey: `set!${theirs}!`, set: JSON.stringify(forged) } as Row);
    await deliver('set', theirs, url);
    expect(received).not.toContain('/stolen/set');
  });
});
