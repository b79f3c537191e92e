import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { claimPort } from '../../stand-ins/server/claim-port.ts';
import { type FaultProxy, startFaultProxy } from '../support/faults/fault-proxy.ts';
import { createIoTrace } from '../support/faults/io-trace.ts';
import { objectIdOf } from '../support/object-id-of.ts';
import { placesOf } from './places-of.ts';
import { allowAll, type Answered, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';

const { web1, web2, pay1 } = resources;
const reason = 'it is the PCI network: ask network-security.';
const noPci = { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16', '203.0.113.0/24'], reason };
const partner = pay1.id.split('/resourceGroups/')[0]!;
const noPartner = { id: 'no-partner', effect: 'deny', destinations: [`${partner}/**`], reason: 'ask the partner.' };
const pciCheck = { ...goodCheck, destination: { address: '10.99.1.4', port: 443 } };

const errorOf = ({ json }: Answered): { code: string; message: string } =>
  (json as { error: { code: string; message: string } }).error;

async function messagesIn(proxy: Proxy): Promise<number> {
  let count = 0;
  const queues = QueueServiceClient.fromConnectionString(proxy.azure.connectionString);
  for await (const { name } of queues.listQueues())
    count += (await queues.getQueueClient(name).getProperties()).approximateMessagesCount ?? 0;
  return count;
}

describe('what policy refuses', () => {
  let proxy: Proxy;
  beforeAll(async () => {
    const own = { id: 'own', effect: 'allow', sources: [web1.id], destinations: ['10.0.0.0/8'], ports: ['443'] };
    proxy = await startProxy([own, noPci]);
  });
  afterAll(() => proxy.stop());

  it.each([
    ['by a rule that denies', pciCheck, 'no-pci', `Rule "no-pci" denies it: ${reason}`],
    [
      'because no rule allows it',
      goodCheck,
      undefined,
      `No rule allows this check. Rule "own" allows it with port 443; you gave 1433. For anything else ask the proxy's operators.`,
    ],
    [
      'because the source is another',
      { ...goodCheck, source: { resourceId: web2.id }, destination: { address: '10.1.2.4', port: 443 } },
      undefined,
      `No rule allows you this source: ask the proxy's operators whether it can be allowed. The nearest is rule "own", which allows checks from ${web1.id}.`,
    ],
  ])('%s is 403 with the reason, audited, and starts nothing', async (_how, body, rule, message) => {
    const before = (await proxy.events()).length;
    const answer = await proxy.submit({ ...body, reason: 'INC-7' }, { headers: { 'idempotency-key': 'same' } });
    expect(answer.status).toBe(403);
    const requestId = answer.headers.get('x-ms-request-id');
    expect(errorOf(answer)).toEqual({ code: 'PolicyRefused', message, requestId });
    const events = await proxy.events();
    expect(events.length).toBe(before + 1);
    expect(events.at(-1)).toMatchObject({
      action: 'refused',
      requester: { objectId: objectIdOf('alice') },
      target: { source: body.source.resourceId, destination: body.destination.address, port: body.destination.port },
      decision: { allowed: false, reason: message, ...(rule === undefined ? {} : { rule }) },
      requestId,
      reason: 'INC-7',
    });
    expect(events.at(-1)).not.toHaveProperty('checkId');
    expect(await messagesIn(proxy)).toBe(0);
    expect((await proxy.stored()).filter(({ place }) => /check!|open!/.test(place))).toEqual([]);
    expect(proxy.azure.arm.requests).toEqual([]);
  });

  it('and what would be allowed is told by a dry run, which starts and keeps nothing', async () => {
    const before = await proxy.kept();
    const dry = (body: object): Promise<Answered> => proxy.ask('/api/checks?dryRun=true', { method: 'POST', body });
    expect((await dry(pciCheck)).json).toMatchObject({ decision: { allowed: false, rule: 'no-pci' } });
    const allowed = { ...goodCheck, destination: { address: '::ffff:10.1.2.4', port: 443 } };
    expect((await dry(allowed)).json).toMatchObject({
      decision: { allowed: true, rule: 'own' },
      request: { destination: { address: '10.1.2.4', port: 443 } },
    });
    expect(await proxy.kept()).toEqual(before);
    // In which state the source is may be read, and nothing else is asked.
    expect(proxy.azure.arm.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('a check whose rule is gone before it ran', () => {
  it('ends as Failed with PolicyRefused, and Azure is never asked', async () => {
    const nobody = `http://127.0.0.1:${await claimPort(0)}`;
    const proxy = await startProxy([allowAll], {});
    // Until there is an Azure that answers, the check waits.
    await proxy.restart([allowAll], { ARM_ENDPOINT: nobody });
    const id = idOf(await proxy.submit(goodCheck));
    await proxy.restart([noPci]);
    expect(await proxy.ended(id)).toMatchObject({ status: 'Failed', error: { code: 'PolicyRefused' } });
    expect(proxy.azure.arm.requests).toEqual([]);
    const events = (await proxy.events()).filter(({ checkId }) => checkId === id);
    expect(events.map(({ action, decision }) => [action, decision.allowed])).toEqual([
      ['requested', true],
      ['failed', false],
    ]);
    expect((await proxy.ask(`/api/checks/${id}/result`)).status).toBe(403);
    await proxy.stop();
  });
});

describe('a result whose path leads into what policy denies', () => {
  let proxy: Proxy;
  beforeAll(async () => {
    proxy = await startProxy([allowAll, noPci, noPartner]);
  });
  afterAll(() => proxy.stop());

  it.each([
    [
      'by a name that resolves into it',
      { address: 'shop.example.com', port: 443 },
      'Https',
      '203.0.113.10',
      `Rule "no-pci" denies it: ${reason}`,
    ],
    [
      'by the gateways on the way',
      { address: '192.168.10.20', port: 8443 },
      'Tcp',
      '203.0.113.1',
      `Rule "no-pci" denies it: ${reason}`,
    ],
    [
      'by the resource behind an address',
      { address: pay1.address, port: 22 },
      'Tcp',
      `${partner}/resourceGroups`,
      'Rule "no-partner" denies it: ask the partner.',
    ],
  ])('(%s) is withheld from everybody and kept nowhere', async (_how, destination, protocol, secret, why) => {
    const id = idOf(await proxy.submit({ ...goodCheck, destination, protocol }));
    const check = await proxy.ended(id);
    const message = `The result is withheld because its path leads through what policy denies: ${why}`;
    expect(check).toMatchObject({ status: 'Failed', error: { code: 'PolicyRefused', message } });
    expect(check).not.toHaveProperty('result');
    expect(check['verdict']).not.toHaveProperty('reachability');
    const answers = [
      await proxy.ask(`/api/checks/${id}/result`),
      await proxy.ask(`/api/checks/${id}`, { user: 'carol', roles: ['Audit.Read'] }),
      await proxy.ask(`/api/checks/${id}/result`, { user: 'carol', roles: ['Audit.Read'] }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 200, 403]);
    const told = answers.map(({ text }) => ({ place: 'answer', text }));
    const logged = proxy.log().map((text) => ({ place: 'log', text }));
    expect(placesOf(secret, [...told, ...logged, ...(await proxy.stored())])).toEqual([]);
    expect((await proxy.events()).find(({ action, checkId }) => action === 'failed' && checkId === id)).toMatchObject({
      outcome: { code: 'PolicyRefused' },
      decision: { allowed: false, reason: message },
    });
  });

  it('but one that leads elsewhere is not', async () => {
    expect(await proxy.ended(idOf(await proxy.submit(goodCheck)))).toMatchObject({ status: 'Succeeded' });
  });
});

describe('GET /api/me', () => {
  it('shows the rules and endpoints that apply to the caller, and of no rule whom else it is about', async () => {
    const others = { id: 'others', effect: 'allow', requesters: { groups: ['group-of-bob'] }, sources: ['endpoint:b'] };
    const mine = {
      ...{ id: 'mine', effect: 'allow', requesters: { groups: ['group-of-alice'], via: ['http'] } },
      ...{ sources: ['endpoint:a'], destinations: ['endpoint:sql'], ports: ['1433'] },
    };
    const endpoints = {
      a: { resourceId: web1.id },
      b: { resourceId: web2.id },
      sql: { address: '10.1.2.4', port: 1433 },
      pci: { address: '10.99.0.1', port: 443 },
    };
    const policy = { version: 1, endpoints, rules: [mine, others, noPci] };
    const proxy = await startProxy([], { settings: { POLICY: JSON.stringify(policy) } });
    const alice = await proxy.ask('/api/me', { claims: { groups: ['group-of-alice'] } });
    expect(alice.json).toEqual({
      requester: expect.objectContaining({ objectId: objectIdOf('alice'), via: 'http' }),
      roles: ['Check.Request'],
      policy: expect.stringMatching(/^[0-9a-f]{64}$/),
      rules: [
        { id: 'no-pci', effect: 'deny', destinations: noPci.destinations, reason },
        { id: 'mine', effect: 'allow', sources: ['endpoint:a'], destinations: ['endpoint:sql'], ports: ['1433'] },
      ],
      endpoints: [
        { name: 'a', resourceId: web1.id },
        { name: 'sql', address: '10.1.2.4', port: 1433 },
      ],
      sets: [],
      limits: [],
    });
    const stranger = await proxy.ask('/api/me', { user: 'mallory', roles: [] });
    expect(stranger.json).toMatchObject({ rules: [], endpoints: [] });
    for (const hidden of ['group-of', 'others', web2.id]) expect(alice.text).not.toContain(hidden);
    await proxy.stop();
  });
});

describe('another’s check', () => {
  let proxy: Proxy;
  let tables: FaultProxy;
  let auditIsDown = false;
  let id: string;
  beforeAll(async () => {
    proxy = await startProxy([allowAll]);
    const { connectionString } = proxy.azure;
    const upstream = /TableEndpoint=(http:\/\/[^/;]+)/.exec(connectionString)?.[1] ?? '';
    tables = await startFaultProxy({
      service: 'table',
      upstream,
      trace: createIoTrace(),
      decide: ({ operation }) =>
        auditIsDown && operation === 'append event' ? { kind: 'answer', status: 503 } : undefined,
    });
    await proxy.restart([allowAll], { AzureWebJobsStorage: connectionString.replace(upstream, tables.url) });
    id = idOf(await proxy.submit(goodCheck));
    await proxy.ended(id);
  });
  afterAll(async () => {
    await proxy.stop();
    await tables.stop();
  });
  const auditor = { user: 'carol', roles: ['Audit.Read'] };

  it.each([
    ['', 'carol'],
    ['/result', 'dora'],
  ])('is read with Audit.Read, and the reading is audited (%j)', async (rest, user) => {
    const before = (await proxy.events()).length;
    const answer = await proxy.ask(`/api/checks/${id}${rest}`, { ...auditor, user });
    expect(answer.status).toBe(200);
    const events = await proxy.events();
    expect(events.length).toBe(before + 1);
    expect(events.at(-1)).toMatchObject({
      action: 'read',
      requester: { objectId: objectIdOf(user) },
      target: { source: goodCheck.source.resourceId, resource: `/api/checks/${id}${rest}` },
      requestId: answer.headers.get('x-ms-request-id'),
    });
  });

  it('is not shown where the reading cannot be audited', async () => {
    auditIsDown = true;
    const answers = [
      await proxy.ask(`/api/checks/${id}`, auditor),
      await proxy.ask(`/api/checks/${id}/result`, auditor),
    ];
    auditIsDown = false;
    for (const answer of answers) {
      expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([503, 'AuditUnavailable']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answer.text).not.toContain(web1.id);
    }
    expect((await proxy.ask(`/api/checks/${id}`, auditor)).status).toBe(200);
  });

  it('is not started where the request cannot be audited', async () => {
    const before = proxy.azure.arm.counters.checks;
    auditIsDown = true;
    const answer = await proxy.submit(goodCheck);
    auditIsDown = false;
    expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([503, 'AuditUnavailable']);
    expect(await messagesIn(proxy)).toBe(0);
    expect(proxy.azure.arm.counters.checks).toBe(before);
  });

  it('is one’s own without an event: polling leaves no trace', async () => {
    const before = (await proxy.events()).length;
    await proxy.ask(`/api/checks/${id}`);
    await proxy.ask(`/api/checks/${id}/result`);
    expect((await proxy.events()).length).toBe(before);
  });

  it('is canceled with Check.Admin, under the administrator’s name, and by nobody else', async () => {
    await proxy.restart([allowAll], { ARM_ENDPOINT: `http://127.0.0.1:${await claimPort(0)}` });
    const open = idOf(await proxy.submit(goodCheck));
    const cancel = (user: string, roles: string[]): Promise<Answered> =>
      proxy.ask(`/api/checks/${open}`, { method: 'DELETE', user, roles });
    expect((await cancel('mallory', ['Check.Request'])).status).toBe(404);
    expect((await cancel('carol', ['Audit.Read'])).status).toBe(403);
    expect((await cancel('carol', ['Audit.Read', 'Check.Request'])).status).toBe(404);
    const done = await cancel('root', ['Check.Admin']);
    expect(done.json).toMatchObject({ id: open, status: 'Canceled', requester: { objectId: objectIdOf('alice') } });
    expect(
      (await proxy.events()).find(({ action, checkId }) => action === 'canceled' && checkId === open),
    ).toMatchObject({
      requester: { objectId: objectIdOf('root') },
    });
    expect((await cancel('root', ['Check.Admin'])).status).toBe(409);
  });
});
