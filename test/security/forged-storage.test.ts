import { randomUUID } from 'node:crypto';
import { QueueClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import type { CheckStore } from '../../src/check/ports/check-store.ts';
import { type Check, hasEnded, type WaitingCheck } from '../../src/check/state/check.ts';
import { firstEventOf } from '../../src/check/state/event-of.ts';
import { running } from '../../src/check/state/transition.ts';
import { tableAuditLog } from '../../src/storage/audit/table-audit-log.ts';
import { tableCheckStore } from '../../src/storage/checks/table-check-store.ts';
import { connect } from '../../src/storage/table/connect.ts';
import { resourceNames } from '../../src/triggers.ts';
import { sampleCaller, sampleCheck } from '../support/samples.ts';
import { until } from '../support/until.ts';
import { allowAll, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';
import { sampleProofs } from '../support/sample-proofs.ts';

// Whoever may write the table `checks` and the queues may not act with the proxy's rights.

const { web1, web2 } = resources;
const team = '00000000-0000-4000-8000-00000000a001';
let proxy: Proxy;
let store: CheckStore;
let audit: ReturnType<typeof tableAuditLog>;
beforeAll(async () => {
  proxy = await startProxy([allowAll]);
  const storage = connect({ kind: 'connectionString', connectionString: proxy.azure.connectionString }, () => {
    throw new Error('no identity is needed');
  });
  const checks = storage.table(resourceNames.checksTable);
  store = tableCheckStore(checks, randomUUID);
  audit = tableAuditLog({ audit: storage.table(resourceNames.auditTable), checks, proofs: sampleProofs() });
  await proxy.ended(idOf(await proxy.submit(goodCheck)));
});
afterAll(() => proxy.stop());

const send = (queue: string, checkId: string) =>
  new QueueClient(proxy.azure.connectionString, queue).sendMessage(
    Buffer.from(JSON.stringify({ checkId })).toString('base64'),
  );

function newCheck(changes: Partial<WaitingCheck> = {}): WaitingCheck {
  const time = new Date().toISOString();
  const { source, destination, protocol } = { ...goodCheck, protocol: 'Tcp' as const };
  const request = { source, destination, protocol };
  const granted = { roles: ['Check.Request'], groups: [team] };
  const caller = { ...sampleCaller(), groups: [team] };
  const decision = { ...sampleCheck().decision, ...granted };
  return sampleCheck({ id: randomUUID(), caller, decision, request, createdAt: time, dueAt: time, ...changes });
}

/** What was accepted, as far as the worker has not heard of it; then its row is another. */
async function acceptedAs(check: WaitingCheck, changed: Check = check): Promise<void> {
  const ids = { now: () => new Date(), newId: () => randomUUID(), deputy: 'system-assigned' };
  await audit.record({ ...firstEventOf(ids, check), action: 'requested', checkId: check.id });
  await store.insert(check);
  const stored = await store.find(check.id);
  if (stored && changed !== check) await store.replace(stored, changed);
}

/** The check's end, once a message has told of it. */
async function endOf(id: string): Promise<Check | undefined> {
  await send(resourceNames.queue, id);
  let check: Check | undefined;
  await until('the end of the check', 20, async () => {
    check = (await store.find(id))?.check;
    return check !== undefined && hasEnded(check);
  });
  return check;
}

const actionsOf = async (id: string): Promise<string[]> =>
  (await proxy.events()).filter(({ checkId }) => checkId === id).map(({ action }) => action);

const linesOn = (id: string, words: string): string[] =>
  proxy.log().filter((line) => line.includes(id) && line.replaceAll('\\', '').includes(words));

const subscription = web1.id.split('/').slice(0, 3).join('/');
const operation = (id: string): string =>
  `${subscription}/providers/Microsoft.Network/locations/westeurope/operationResults/${id}?api-version=2023-09-01`;
const machine = `${web1.id}?api-version=2023-09-01&$expand=userData`;
const atArm = (path: string): string => `${proxy.azure.arm.url.replace(/\/$/, '')}${path}`;
const runningAt = (check: WaitingCheck, url: string): Check => running(new Date(), check, url);

const notAsAccepted = {
  status: 'Failed',
  error: { code: 'NotAsAccepted', message: expect.stringContaining('not what was accepted') as string },
  cause: { owner: 'proxy operator' },
};

it('a row of what was accepted is run', async () => {
  const check = newCheck();
  await acceptedAs(check);
  expect(await endOf(check.id)).toMatchObject({ status: 'Succeeded' });
});

describe('a row that nobody was accepted for', () => {
  const requestedBy = (check: WaitingCheck): AuditEvent => ({
    ...firstEventOf({ now: () => new Date(), newId: () => randomUUID(), deputy: 'system-assigned' }, check),
    ...{ action: 'requested', checkId: check.id },
  });
  it.each<[string, (check: WaitingCheck) => Check]>([
    ['waits to be run', (check) => check],
    ['brings its own `requested` event', (check) => ({ ...check, pendingEvent: requestedBy(check) })],
    ['runs already, at an operation', (check) => runningAt(check, atArm(operation('1')))],
    ['runs already, at a machine', (check) => runningAt(check, atArm(machine))],
  ])('and that %s ends without a call to Azure, and the log tells the operator', async (_what, forge) => {
    const check = newCheck({ caller: sampleCaller('victim') });
    const before = proxy.azure.arm.requests.length;
    await store.insert(forge(check));
    expect(await endOf(check.id)).toMatchObject(notAsAccepted);
    expect(proxy.azure.arm.requests).toHaveLength(before);
    await until('its last event', 10, async () => (await actionsOf(check.id)).length > 0);
    expect(await actionsOf(check.id)).toEqual(['failed']);
    await until('the line on it', 10, () =>
      proxy.log().some((line) => line.includes(check.id) && line.includes('somebody changed the table')),
    );
  });
});

describe('the row of an accepted check, changed', () => {
  const { request } = newCheck();
  const elsewhere = `/subscriptions/${randomUUID()}/resourceGroups/a/providers/Microsoft.Network/networkWatchers/b`;
  it.each<[string, Partial<WaitingCheck>]>([
    ['another requester', { caller: { ...sampleCaller('victim'), groups: [team] } }],
    ['a further role', { caller: { ...sampleCaller('alice', ['Check.Request', 'Audit.Read']), groups: [team] } }],
    ['no role', { caller: { ...sampleCaller('alice', []), groups: [team] } }],
    ['no group', { caller: sampleCaller() }],
    ['too many groups to tell', { caller: { ...sampleCaller(), groups: [team], groupsOverage: true } }],
    ['another source', { request: { ...request, source: { resourceId: web2.id } } }],
    ['another destination', { request: { ...request, destination: { address: '10.1.7.78', port: 1433 } } }],
    ['another port', { request: { ...request, destination: { ...request.destination, port: 22 } } }],
    ['another protocol', { request: { ...request, protocol: 'Icmp' } }],
    ['a watcher in another subscription', { networkWatcher: elsewhere }],
    ['another time', { createdAt: '2026-01-01T00:00:00.000Z' }],
  ])('to %s ends without a call to Azure', async (_what, changes) => {
    const check = newCheck({ request });
    const before = proxy.azure.arm.requests.length;
    await acceptedAs(check, { ...check, ...changes });
    // A row of a long past time is past its deadline, too.
    expect(await endOf(check.id)).toMatchObject({ status: 'Failed', attempts: 0 });
    expect(proxy.azure.arm.requests).toHaveLength(before);
    expect(await actionsOf(check.id)).not.toContain('started');
  });

  it.each<[string, { name: string; value: string }]>([
    ['a credential', { name: 'Authorization', value: 'Bearer x' }],
    ['what unlocks metadata', { name: 'Metadata', value: 'true' }],
    ['who is asking', { name: 'X-Forwarded-User', value: 'root' }],
    ['a further line', { name: 'Accept', value: 'a\r\nMetadata: true' }],
    ['a line that the low byte ends', { name: 'Accept', value: 'a\u010aMetadata: true' }],
    ['a line in its name', { name: 'Accept: a\r\nMetadata', value: 'true' }],
  ])('to bring %s in a header of its probe ends without a call to Azure', async (_what, header) => {
    const http: WaitingCheck['request'] = { ...request, protocol: 'Http' };
    const check = newCheck({ request: http });
    const before = proxy.azure.arm.requests.length;
    const protocolConfiguration = { HTTPConfiguration: { headers: [header] } };
    await acceptedAs(check, { ...check, request: { ...http, protocolConfiguration } });
    expect(await endOf(check.id)).toMatchObject(notAsAccepted);
    expect(proxy.azure.arm.requests).toHaveLength(before);
    expect(await actionsOf(check.id)).not.toContain('started');
  });

  it('to break the line of its probe in the query of a URI ends without a call to Azure', async () => {
    const uri = (query: string) => ({ address: `http://shop.example.com/${query}` });
    const http: WaitingCheck['request'] = { source: request.source, destination: uri('?a'), protocol: 'Http' };
    const before = proxy.azure.arm.requests.length;
    for (const query of ['? HTTP/1.1\r\nMetadata: true', '?a\nb', '?\u010a', '?\0']) {
      const check = newCheck({ request: http });
      await acceptedAs(check, { ...check, request: { ...http, destination: uri(query) } });
      expect(await endOf(check.id)).toMatchObject(notAsAccepted);
    }
    expect(proxy.azure.arm.requests).toHaveLength(before);
  });

  it.each<[string, () => string]>([
    ['a machine', () => atArm(machine)],
    ['an operation in another subscription', () => atArm(operation('1').replace(/[0-9a-f]{12}\//, 'ffffffffffff/'))],
    ['a path that leads elsewhere', () => atArm(operation('%2e%2e/%2e%2e/%2e%2e/networkWatchers'))],
    ['a list', () => atArm(`${subscription}/providers/Microsoft.Network/networkWatchers?api-version=2023-09-01`)],
    ['no URL', () => operation('1')],
  ])('to be polled at %s ends without a call to Azure', async (_what, url) => {
    const check = newCheck();
    const before = proxy.azure.arm.requests.length;
    await acceptedAs(check, runningAt(check, url()));
    expect(await endOf(check.id)).toMatchObject(notAsAccepted);
    expect(proxy.azure.arm.requests).toHaveLength(before);
  });
});

describe('messages in the poison queue', () => {
  it('end no check, however many come', async () => {
    const id = idOf(await proxy.submit({ ...goodCheck, destination: { address: '10.1.5.10', port: 443 } }));
    await new QueueClient(proxy.azure.connectionString, resourceNames.poisonQueue).createIfNotExists();
    for (let sent = 0; sent < 5; sent++) await send(resourceNames.poisonQueue, id);
    await until('the lines on them', 20, () => linesOn(id, '"ended":false').length === 5);
    expect((await store.find(id))?.check.status).not.toBe('Failed');
  });

  it('end no check either where somebody raised the count of its message', async () => {
    const check = newCheck();
    await acceptedAs(check);
    const queue = new QueueClient(proxy.azure.connectionString, resourceNames.queue);
    // Taken six times by somebody else, the host never runs it.
    await proxy.app().stop();
    await send(resourceNames.queue, check.id);
    for (let taken = 0; taken < 6; taken++) {
      const { receivedMessageItems } = await queue.receiveMessages();
      const [message] = receivedMessageItems;
      await queue.updateMessage(message!.messageId, message!.popReceipt, message!.messageText, 0);
    }
    await proxy.restart([allowAll]);
    expect(await endOf(check.id)).toMatchObject({ status: 'Succeeded' });
  });
});
