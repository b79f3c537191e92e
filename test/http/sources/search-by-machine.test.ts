import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowSchema } from '../../../src/contract/answer/comparison.ts';
import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { type Asking, goodCheck, idOf, type Proxy, startProxy } from '../../security/start-proxy.ts';
import { auditedSearches, auditor, faultsOf, idsIn, listSchema, main, queryOf, searches } from './searches.ts';

const closed = '/subscriptions/00000000-0000-4000-8000-00000000000c';
const rules = [
  { id: 'own', effect: 'allow', sources: [`${main}/**`], destinations: ['10.0.0.0/8', `${main}/**`] },
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
const inPay: Asking = { claims: { groups: ['pay'] } };

describe('the name of a machine', () => {
  let proxy: Proxy;
  const ids = { web: '', named: '', other: '' };
  beforeAll(async () => {
    proxy = await startProxy(rules);
    ids.web = idOf(await proxy.submit(goodCheck));
    ids.named = idOf(
      await proxy.submit({
        source: { name: 'web-01' },
        destination: { name: 'sql-01', port: 1433 },
        protocol: 'Tcp',
      }),
    );
    ids.other = idOf(await proxy.submit({ ...goodCheck, source: { resourceId: resources.web2.id } }));
    for (const id of Object.values(ids)) await proxy.ended(id);
  });
  afterAll(() => proxy.stop());

  it('finds, in any letter case, the checks that went from there, and those that a submit by name led to', async () => {
    expect((await idsIn(proxy, '/api/checks?source=WEB-01')).toSorted()).toEqual([ids.web, ids.named].toSorted());
    expect(await idsIn(proxy, '/api/checks?source=web-02')).toEqual([ids.other]);
    expect(await idsIn(proxy, '/api/checks?destination=Sql-01')).toEqual([ids.named]);
    expect(await idsIn(proxy, '/api/checks?source=web-01&destination=sql-01&port=1433')).toEqual([ids.named]);
    expect(await idsIn(proxy, `/api/checks?${queryOf({ source: `web-01,${resources.web2.id}` })}`)).toHaveLength(3);
    expect(await idsIn(proxy, '/api/checks?source=idle-01')).toEqual([]);
    expect(await idsIn(proxy, '/api/checks?source=api_1&scope=visible')).toEqual([]);
  });

  it('finds, in pages, the same machine to the end, whatever it is called then', async () => {
    const nextOf = async (path: string, asking: Asking = {}) =>
      new URL(listSchema.parse((await proxy.ask(path, asking)).json).nextLink ?? '');
    const checks = await nextOf('/api/checks?source=web-01&top=1');
    expect(checks.searchParams.getAll('source')).toEqual([resources.web1.id]);
    expect(await idsIn(proxy, `/api/checks${checks.search}`)).toHaveLength(1);
    const audit = await nextOf('/api/audit?destination=sql-01&top=1', auditor);
    expect(audit.searchParams.getAll('destination')).toEqual([resources.sql.id]);
    expect(await idsIn(proxy, `/api/audit${audit.search}`, auditor)).toHaveLength(1);
  });

  it('finds the history of a flow, as the ids do', async () => {
    const flow = async (query: Record<string, string>) => {
      const { status, json } = await proxy.ask(`/api/flows?${queryOf(query)}`);
      expect(status).toBe(200);
      return flowSchema.parse(json);
    };
    const named = await flow({ source: 'Web-01', destination: 'SQL-01' });
    expect(named).toEqual(await flow({ source: resources.web1.id, destination: resources.sql.id }));
    expect(named).toMatchObject({ source: resources.web1.id, destination: resources.sql.id });
    expect(named.newest.map(({ id }) => id)).toEqual([ids.named]);
  });

  it('stands in the audit for every machine, and in its exports', async () => {
    const request = { ...goodCheck, source: { resourceId: resources.card.id } };
    expect((await proxy.submit(request)).status).toBe(403);
    const [refused] = await idsIn(proxy, '/api/audit?source=CARD-01&action=refused', auditor);
    expect(refused).toBeDefined();
    expect(await idsIn(proxy, '/api/audit?source=card-01', auditor)).toEqual([refused]);
    expect(await idsIn(proxy, '/api/checks?source=card-01', auditor)).toEqual([]);
    for (const accept of ['text/csv', 'application/x-ndjson']) {
      const { status, text } = await proxy.ask('/api/audit?source=card-01', { ...auditor, headers: { accept } });
      expect([status, text.includes(refused ?? '-')]).toEqual([200, true]);
    }
  });

  it.each([
    ['source', 'card-01', 'card-99'],
    ['destination', 'card-01', 'card-99'],
    ['source', 'pay-01', 'pay-99'],
  ] as const)(
    'is, as a %s, the same fault for %s, which policy denies, as for %s, which is not there',
    async (side, denied, missing) => {
      for (const [at, [path, asking]] of searches(side, denied).entries()) {
        const faults = await faultsOf(proxy, path, asking);
        expect(faults).toEqual(await faultsOf(proxy, searches(side, missing)[at]![0], asking));
        expect(faults).toEqual([
          {
            code: 'UnknownName',
            message: expect.stringMatching(/^No endpoint and no \w+ of this name is open to you: give /),
            target: side,
          },
        ]);
      }
    },
  );

  it('that is not there is a fault for an auditor, too', async () => {
    for (const side of ['source', 'destination'] as const)
      for (const [path, asking] of auditedSearches(side, 'card-99')) {
        const [fault] = await faultsOf(proxy, path, asking);
        expect(fault).toMatchObject({
          message: expect.stringMatching(/^No endpoint and no \w+ of this name is known/),
        });
      }
  });

  it('that several machines have is a fault with their ids, as in a submit', async () => {
    for (const side of ['source', 'destination'] as const)
      for (const [path, asking] of [...searches(side, 'TWIN-01'), ...auditedSearches(side, 'twin-01')]) {
        const faults = await faultsOf(proxy, path, asking);
        expect(faults.map(({ code, target }) => [code, target])).toEqual([
          ['AmbiguousName', side],
          ['AmbiguousName', side],
        ]);
        for (const { id } of [resources.twin1, resources.twin2])
          expect(faults.some(({ message }) => message.includes(id))).toBe(true);
      }
  });

  it('is told with all other faults of names at once', async () => {
    const faults = await faultsOf(proxy, '/api/checks?source=card-99&destination=twin-01&rule=nowhere');
    expect(faults.map(({ target }) => target).toSorted()).toEqual(['destination', 'destination', 'rule', 'source']);
    const both = await faultsOf(proxy, '/api/flows?source=nobody&destination=a%20b');
    expect(both.map(({ target }) => target)).toEqual(['source', 'destination']);
    const same = await faultsOf(proxy, '/api/flows?source=web-01&destination=WEB-01');
    expect(same).toMatchObject([{ target: 'destination', message: expect.stringContaining('same resource') }]);
  });

  it('says, where the list could not be read whole, that it may be in the rest', async () => {
    for (const side of ['source', 'destination'] as const) {
      const [fault] = await faultsOf(proxy, `/api/checks?${side}=card-99`, inPay);
      expect(fault?.code).toBe('UnreadNames');
      expect(fault?.message).toMatch(
        /as far as the list of machines can be read now: give .*, or ask again in a minute/,
      );
    }
    expect(await idsIn(proxy, '/api/checks?source=web-02', inPay)).toEqual([ids.other]);
  });
});
