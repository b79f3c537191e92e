import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sourceSchema, unreadableSchema } from '../../../src/contract/answer/source.ts';
import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { type Asking, type Proxy, startProxy } from '../../security/start-proxy.ts';
import { expectAsDocumented } from '../answers.ts';

const answerSchema = z.object({
  value: z.array(sourceSchema),
  nextLink: z.string().optional(),
  unreadable: z.array(unreadableSchema).optional(),
});

const main = '/subscriptions/00000000-0000-4000-8000-00000000000a';
const partner = '/subscriptions/00000000-0000-4000-8000-00000000000b';
const closed = '00000000-0000-4000-8000-00000000000c';

const rules = [
  { id: 'main', effect: 'allow', requesters: { roles: ['Check.Request'] }, sources: [`${main}/**`] },
  {
    id: 'partner',
    effect: 'allow',
    sources: [`${partner}/resourceGroups/rg-pay*/**`],
    requesters: { groups: ['team-pay'] },
  },
  { id: 'closed', effect: 'allow', sources: [`/subscriptions/${closed}/**`], requesters: { groups: ['team-pay'] } },
  { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'] },
  {
    id: 'no-batch',
    effect: 'deny',
    sources: [`${main}/resourceGroups/rg-batch/**`],
    destinations: ['**'],
    except: { groups: ['team-batch'] },
  },
];
const groups = (...names: string[]) => ({ claims: { groups: names } });

async function ask(proxy: Proxy, query = '', asking: Asking = {}) {
  const answer = await proxy.ask(`/api/sources${query}`, asking);
  expectAsDocumented('listSources', answer);
  return { ...answer, ...answerSchema.parse(answer.json) };
}
const namesIn = ({ value }: { readonly value: readonly { readonly name: string }[] }) => value.map(({ name }) => name);
const callsOf = (proxy: Proxy) => proxy.azure.arm.requests.map(({ method, path }) => `${method} ${path}`);

describe('GET /api/sources', () => {
  let proxy: Proxy;
  beforeAll(async () => {
    proxy = await startProxy(rules);
  });
  afterAll(() => proxy.stop());

  it('is one look-up for twenty who ask at once, and is kept for the next', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(proxy, '', { user: `user-${i}` })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const queries = callsOf(proxy).filter((call) => call === 'POST /providers/Microsoft.ResourceGraph/resources');
    // Pages of ten rows: five of machines and what is theirs, one of scale-set instances.
    expect(queries.length).toBeLessThanOrEqual(8);
    const before = callsOf(proxy).length;
    await ask(proxy, '?search=sql', { user: 'somebody-else' });
    expect(callsOf(proxy).length).toBe(before);
  });

  it('tells of each source what a check needs of it', async () => {
    const { value } = await ask(proxy, '', groups('team-batch'));
    const byName = new Map(value.map((source) => [source.name, source]));
    expect(byName.get('web-02')).toEqual({
      name: 'web-02',
      kind: 'virtualMachine',
      resourceId: resources.web2.id,
      resourceGroup: 'rg-shop',
      subscription: main.slice('/subscriptions/'.length),
      region: 'westeurope',
      addresses: ['10.1.1.5'],
      ...{ state: 'running', agent: 'present', watcher: 'present' },
    });
    const states = ['bare-01', 'idle-01', 'halted-01', 'waking-01', 'api_0', 'edge', 'way-in'].map((name) => {
      const { kind, state, agent, watcher } = byName.get(name)!;
      return [name, kind, state, agent, watcher];
    });
    expect(states).toEqual([
      ['bare-01', 'virtualMachine', 'running', 'absent', 'present'],
      ['idle-01', 'virtualMachine', 'stopped', 'present', 'present'],
      ['halted-01', 'virtualMachine', 'stopped', 'present', 'present'],
      ['waking-01', 'virtualMachine', 'unknown', 'present', 'present'],
      ['api_0', 'scaleSetInstance', 'running', 'present', 'present'],
      ['edge', 'applicationGateway', 'running', 'present', 'present'],
      ['way-in', 'bastionHost', 'running', 'present', 'present'],
    ]);
    expect(byName.get('api_0')?.addresses).toEqual(['10.1.3.4']);
    expect(value.filter(({ name }) => name === 'twin-01').map(({ resourceId }) => resourceId)).toEqual([
      resources.twin2.id,
      resources.twin1.id,
    ]);
  });

  it('shows nobody what policy denies: neither sources nor addresses', async () => {
    const alice = await ask(proxy);
    expect(namesIn(alice)).not.toContain('batch-01');
    expect(alice.text).not.toMatch(/00000000000b|rg-batch|10\.99\./);
    expect(alice.value.find(({ name }) => name === 'card-01')).not.toHaveProperty('addresses');
    const pay = await ask(proxy, '', groups('team-pay', 'team-batch'));
    expect(namesIn(pay)).toEqual(expect.arrayContaining(['pay-01', 'remote-01', 'batch-01']));
    expect(pay.text).not.toContain('vault-01');
    expect(pay.value.find(({ name }) => name === 'remote-01')).toMatchObject({ watcher: 'absent' });
  });

  it('says which subscriptions could not be read, to those whose rules name them', async () => {
    expect((await ask(proxy)).unreadable).toBeUndefined();
    const unreadable = [{ subscription: closed, code: 'AuthorizationFailed' }];
    expect((await ask(proxy, '', groups('team-pay'))).unreadable).toEqual(unreadable);
  });

  it('finds part of a name in any letter case, and puts what is searched into no query', async () => {
    expect(namesIn(await ask(proxy, '?search=EB-0'))).toEqual(['web-01', 'web-02']);
    const before = callsOf(proxy).length;
    expect(namesIn(await ask(proxy, `?search=${encodeURIComponent("' or name has 'web")}`))).toEqual([]);
    expect(callsOf(proxy).length).toBe(before);
  });

  it('goes on from page to page without a gap', async () => {
    const whole = namesIn(await ask(proxy));
    const names: string[] = [];
    for (let link: string | undefined = '/api/sources?top=3'; link !== undefined;) {
      const { search } = new URL(link, 'http://localhost');
      const answer = await ask(proxy, search);
      names.push(...namesIn(answer));
      link = answer.nextLink;
    }
    expect(names).toEqual(whole);
  });

  it.each(['?top=0', '?top=501', '?after=nowhere!', '?name=web'])('refuses %s', async (query) => {
    const answer = await proxy.ask(`/api/sources${query}`);
    expectAsDocumented('listSources', answer);
    expect(answer.status).toBe(400);
  });

  it('wants the role to ask for checks', async () => {
    expect((await proxy.ask('/api/sources', { roles: ['Audit.Read'] })).status).toBe(403);
  });

  it('comes from what is kept while the proxy is paused, and asks Azure nothing', async () => {
    const before = (await ask(proxy)).text;
    await proxy.restart(rules, { PAUSED: 'true' });
    const calls = callsOf(proxy).length;
    expect((await ask(proxy)).text).toBe(before);
    expect(callsOf(proxy).length).toBe(calls);
  });
});

describe('GET /api/sources where Azure Resource Graph is not to be had', () => {
  it('is put together from plain lists, which know of no agent', async () => {
    const proxy = await startProxy(rules, { resourceGraph: false });
    const { value, unreadable } = await ask(proxy, '', groups('team-pay', 'team-batch'));
    const told = value.map(({ name, state, agent, watcher, addresses }) => [
      name,
      state,
      agent,
      watcher,
      addresses?.[0],
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['web-02', 'running', 'unknown', 'present', '10.1.1.5'],
        ['idle-01', 'stopped', 'unknown', 'present', '10.2.1.5'],
        ['waking-01', 'unknown', 'unknown', 'present', '10.2.1.7'],
        ['api_1', 'running', 'present', 'present', undefined],
        ['remote-01', 'running', 'unknown', 'absent', '10.3.2.4'],
      ]),
    );
    expect(unreadable).toEqual([{ subscription: closed, code: 'AuthorizationFailed' }]);
    await proxy.stop();
  });
});

describe('GET /api/sources of a policy that names no subscription', () => {
  it('is of all subscriptions that can be read; for whom nothing is allowed, Azure is not asked', async () => {
    const proxy = await startProxy([{ id: 'all', effect: 'allow', requesters: { groups: ['team-net'] } }]);
    expect((await ask(proxy)).value).toEqual([]);
    expect(callsOf(proxy)).toEqual([]);
    const { value } = await ask(proxy, '', groups('team-net'));
    expect(namesIn({ value })).toEqual(expect.arrayContaining(['web-01', 'pay-01', 'vault-01']));
    expect(callsOf(proxy)).toContain('GET /subscriptions');
    await proxy.stop();
  });

  it('says, while paused and with nothing kept, that it is paused', async () => {
    const proxy = await startProxy([{ id: 'all', effect: 'allow' }], { settings: { PAUSED: 'true' } });
    const { value, unreadable } = await ask(proxy);
    expect([value, unreadable]).toEqual([[], [{ subscription: '**', code: 'Paused' }]]);
    expect(callsOf(proxy)).toEqual([]);
    await proxy.stop();
  });
});
