import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkViewSchema } from '../../../src/contract/check.ts';
import { acceptedSetSchema } from '../../../src/contract/answer/set.ts';
import { dryRunSchema } from '../../../src/contract/answer/dry-run.ts';
import { problemAnswerSchema } from '../../../src/contract/answer/problem-answer.ts';
import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { type Asking, goodCheck, type Proxy, startProxy } from '../../security/start-proxy.ts';

const main = '/subscriptions/00000000-0000-4000-8000-00000000000a';
const closed = '/subscriptions/00000000-0000-4000-8000-00000000000c';
const partner = '/subscriptions/00000000-0000-4000-8000-00000000000b';
const rules = [
  { id: 'own', effect: 'allow', sources: [`${main}/**`], destinations: ['10.0.0.0/8', `${main}/**`] },
  {
    id: 'partner',
    effect: 'allow',
    sources: [`${partner}/**`],
    destinations: ['10.0.0.0/8'],
    requesters: { groups: ['pay'] },
  },
  {
    id: 'closed',
    effect: 'allow',
    sources: [`${closed}/**`],
    destinations: [`${closed}/**`],
    requesters: { groups: ['pay'] },
  },
  { id: 'no-pci', effect: 'deny', sources: [`${main}/resourceGroups/rg-pci/**`] },
  { id: 'no-pci-machines', effect: 'deny', destinations: [`${main}/resourceGroups/rg-pci/**`] },
];

const from = (source: object, destination: object = goodCheck.destination) => ({ ...goodCheck, source, destination });
const inPay: Asking = { claims: { groups: ['pay'] } };
const callsSince = (proxy: Proxy, count: number) =>
  proxy.azure.arm.requests.slice(count).map(({ method, path }) => `${method} ${path}`);

let proxy: Proxy;
beforeAll(async () => {
  proxy = await startProxy(rules);
  // Its first token, and its first list.
  await proxy.ask('/api/sources');
});
afterAll(() => proxy.stop());

const dryRun = async (body: object, asking: Asking = {}) => {
  for (let tries = 1; ; tries++) {
    const answer = await proxy.ask('/api/checks?dryRun=true', { ...asking, method: 'POST', body });
    const read = dryRunSchema.parse(answer.json);
    // On a busy machine even the simulator can take more than the second that is waited; then the next is told.
    if (read.source?.agent !== 'unknown' || tries === 3) return read;
  }
};
const accepted = async (body: object, asking: Asking = {}) => {
  const answer = await proxy.submit(body, asking);
  expect([answer.status, answer.status === 202 ? '' : answer.text]).toEqual([202, '']);
  return checkViewSchema.parse(answer.json);
};
const refused = async (body: object, asking: Asking = {}) => {
  const answer = await proxy.submit(body, asking);
  expect(answer.status).toBe(400);
  return problemAnswerSchema.parse(answer.json).error.details ?? [];
};
const codesIn = ({ warnings = [] }: { readonly warnings?: readonly { readonly code: string }[] | undefined }) =>
  warnings.map(({ code }) => code);

describe('a dry run', () => {
  it.each([
    ['is well', resources.web1.id, {}, { state: 'running', agent: 'present', watcher: 'present' }, []],
    [
      'is deallocated',
      resources.idle.id,
      {},
      { state: 'stopped', agent: 'present', watcher: 'present' },
      ['SourceStopped'],
    ],
    [
      'is stopped',
      resources.halted.id,
      {},
      { state: 'stopped', agent: 'present', watcher: 'present' },
      ['SourceStopped'],
    ],
    ['changes its state', resources.waking.id, {}, { state: 'unknown', agent: 'present', watcher: 'present' }, []],
    ['has no agent', resources.bare.id, {}, { state: 'running', agent: 'absent', watcher: 'present' }, ['AgentAbsent']],
    [
      'has no watcher',
      resources.remote.id,
      inPay,
      { state: 'running', agent: 'present', watcher: 'absent' },
      ['WatcherAbsent'],
    ],
    ['is a scale-set instance', resources.api1.id, {}, { state: 'running', agent: 'present', watcher: 'present' }, []],
    ['is a gateway', resources.gateway.id, {}, { state: 'running', agent: 'present', watcher: 'present' }, []],
    ['is a Bastion host', resources.bastion.id, {}, { state: 'running', agent: 'present', watcher: 'present' }, []],
    [
      'is gone',
      `${main}/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/gone`,
      {},
      { state: 'unknown', agent: 'unknown', watcher: 'unknown' },
      [],
    ],
  ])('tells of a source that %s', async (_what, resourceId, asking, source, codes) => {
    const answer = await dryRun(from({ resourceId }), asking);
    expect([answer.decision.allowed, answer.source, codesIn(answer)]).toEqual([true, source, codes]);
  });

  it('that is refused asks Azure nothing, and tells neither source nor warnings', async () => {
    const before = proxy.azure.arm.requests.length;
    const answer = await dryRun(from({ resourceId: resources.card.id }));
    expect(answer.decision.allowed).toBe(false);
    expect([answer.source, answer.warnings]).toEqual([undefined, undefined]);
    expect(callsSince(proxy, before)).toEqual([]);
  });
});

describe('a submit', () => {
  it('for a source that is off is accepted, says so at once, and keeps saying it', async () => {
    const check = await accepted(from({ resourceId: resources.idle.id }));
    const warnings = [
      {
        code: 'SourceStopped',
        message: 'idle-01 is switched off: no probe can start there until its owner starts it.',
      },
    ];
    expect(check.warnings).toEqual(warnings);
    const ended = await proxy.ended(check.id);
    expect(ended.warnings).toEqual(warnings);
    expect(ended.verdict).toMatchObject({
      reachability: 'Inconclusive',
      reasons: [{ code: 'NoProbes', message: expect.stringContaining('because idle-01') as string }],
    });
    expect(ended.verdict.summary).toContain('switched off');
  });

  it('for a source without an agent ends by saying that it has none', async () => {
    const check = await accepted(from({ resourceId: resources.bare.id }));
    expect(codesIn(check)).toEqual(['AgentAbsent']);
    const { verdict } = await proxy.ended(check.id);
    expect(verdict.reasons[0]?.message).toMatch(
      /^No probe was sent, because bare-01\b.* has no Network Watcher agent\.$/,
    );
  });

  it('warns of no missing watcher where the requester names one', async () => {
    const watcher = `${partner}/resourceGroups/any/providers/Microsoft.Network/networkWatchers/any`;
    const check = await accepted({ ...from({ resourceId: resources.remote.id }), networkWatcher: watcher }, inPay);
    expect(check.warnings).toBeUndefined();
  });

  it('is quick where the state of its source is known, and asks Azure nothing then', async () => {
    await proxy.ask('/api/sources');
    const before = proxy.azure.arm.requests.length;
    const times: number[] = [];
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const begun = performance.now();
      ids.push(
        (await accepted(from({ resourceId: resources.web1.id }, { address: `10.1.2.${i + 10}`, port: 443 }))).id,
      );
      times.push(performance.now() - begun);
    }
    for (const id of ids) await proxy.ended(id);
    const ofSource = callsSince(proxy, before).filter((call) => call.includes('ResourceGraph'));
    expect(ofSource).toEqual([]);
    expect(Math.min(...times)).toBeLessThan(350);
  });
});

describe('a side that is the name of a machine', () => {
  it('is the one of that name, in any letter case', async () => {
    const check = await accepted(from({ name: 'WEB-01' }, { name: 'sql-01', port: 1433 }));
    expect(check.request).toMatchObject({
      source: { resourceId: resources.web1.id },
      destination: { resourceId: resources.sql.id, port: 1433 },
    });
    const instance = await accepted(from({ name: 'api_1' }));
    expect(instance.request.source.resourceId).toBe(resources.api1.id);
  });

  it('is refused with the ids of all where there are several', async () => {
    const details = await refused(from({ name: 'twin-01' }));
    expect(details.map(({ code, target }) => [code, target])).toEqual([
      ['AmbiguousName', 'source.name'],
      ['AmbiguousName', 'source.name'],
    ]);
    const text = JSON.stringify(details);
    expect([text.includes(resources.twin1.id), text.includes(resources.twin2.id)]).toEqual([true, true]);
  });

  it('is the same refusal for what policy denies as for what is not there, on either side', async () => {
    for (const [denied, missing] of [
      [from({ name: 'card-01' }), from({ name: 'card-99' })],
      [from({ name: 'pay-01' }), from({ name: 'pay-99' })],
      [
        from({ name: 'web-01' }, { name: 'card-01', port: 443 }),
        from({ name: 'web-01' }, { name: 'card-99', port: 443 }),
      ],
    ] as const) {
      const details = await refused(denied);
      expect(details).toEqual(await refused(missing));
      expect(details.map(({ code }) => code)).toEqual(['UnknownName']);
    }
  });

  it('says, where the list could not be read whole, to give an address or a whole host name', async () => {
    const [detail] = await refused(from({ name: 'web-01' }, { name: 'db', port: 443 }), inPay);
    expect(detail?.message).toContain('give an address or a whole host name');
    expect(detail?.message).toContain('as far as the list of machines can be read now');
    expect(detail?.code).toBe('UnreadNames');
  });

  it('is told with all other faults at once', async () => {
    const details = await refused({ ...from({ name: 'nobody' }, { name: 'nobody' }), colour: 'red' });
    expect(details.map(({ target }) => target).toSorted()).toEqual([
      'colour',
      'destination.name',
      'destination.port',
      'source.name',
    ]);
    const both = await refused(from({ name: 'web-01', resourceId: resources.web1.id }));
    expect(both.map(({ target }) => target)).toEqual(['source']);
    expect((await refused(from({ name: 'a/b' }))).map(({ target }) => target)).toEqual(['source.name']);
  });

  it('stays a name in a dry run that is refused', async () => {
    const answer = await dryRun(from({ name: 'web-01' }, { address: '192.0.2.1', port: 443 }));
    expect([answer.decision.allowed, answer.request.source]).toEqual([false, { name: 'web-01' }]);
  });

  it('is the same check, and the same set, for the same idempotency key, also where names now stand for nothing', async () => {
    const headers = { 'idempotency-key': 'names' };
    const body = from({ name: 'web-02' }, { name: 'sql-01', port: 1433 });
    const check = await accepted(body, { headers });
    const ask = (sent: object, asking: Asking = { headers }) =>
      proxy.ask('/api/sets', { method: 'POST', body: sent, ...asking });
    const setOf = ({ json }: { readonly json: unknown }) => acceptedSetSchema.parse(json);
    const set = {
      sources: [{ name: 'web-02' }, { name: 'WEB-02' }, { resourceId: resources.web1.id }],
      destinations: [
        { name: 'sql-01', port: 1433 },
        { name: 'sql-01', port: 22 },
      ],
    };
    const one = { checks: [body] };
    const oneKeyed = { headers: { 'idempotency-key': 'a check of a set' } };
    const [first, firstOne] = [setOf(await ask(set)), setOf(await ask(one, oneKeyed))];

    const sources = [`${main}/resourceGroups/rg-batch/**`];
    await proxy.restart([{ id: 'other', effect: 'allow', sources, destinations: ['192.0.2.0/24'] }]);
    expect((await accepted(body, { headers })).id).toBe(check.id);
    expect(await refused(body)).toHaveLength(2);
    expect([setOf(await ask(set)).id, setOf(await ask(one, oneKeyed)).id]).toEqual([first.id, firstOne.id]);
    expect((await ask(set, {})).status).toBe(400);
    for (const other of [
      await proxy.submit(from({ name: 'web-02' }, { name: 'sql-01', port: 443 }), { headers }),
      await ask({ ...set, destinations: set.destinations.toReversed() }),
    ])
      expect([other.status, problemAnswerSchema.parse(other.json).error.code]).toEqual([422, 'IdempotencyKeyReused']);
  });

  it('is no fault of a request that comes while the proxy is paused', async () => {
    const body = from({ name: 'web-01' });
    await proxy.restart(rules, { PAUSED: 'true' });
    const before = proxy.azure.arm.requests.length;
    const submitted = await proxy.submit(body);
    expect([submitted.status, submitted.headers.get('x-ms-error-code')]).toEqual([503, 'Paused']);
    // From what is kept.
    expect((await dryRun(body)).source).toEqual({ state: 'running', agent: 'present', watcher: 'present' });
    expect(callsSince(proxy, before)).toEqual([]);
  });
});
