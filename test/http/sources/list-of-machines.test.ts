import { describe, expect, it } from 'vitest';
import { resources } from '../../../stand-ins/arm/scenarios/resources.ts';
import { type Asking, goodCheck, idOf, startProxy } from '../../security/start-proxy.ts';
import { auditedSearches, auditor, callsOf, faultsOf, idsIn, main, queryOf, searches } from './searches.ts';

describe('the list of machines', () => {
  const endpoints = { 'web-01': { resourceId: resources.web2.id }, 'sql-01': { address: '10.1.2.4', port: 1433 } };
  const policy = (allow: object) =>
    JSON.stringify({ version: 1, endpoints, rules: [{ id: 'own', effect: 'allow', ...allow }] });

  it('is read for names alone that are no endpoint’s, once for all, and for nobody who may test nothing', async () => {
    const POLICY = policy({ requesters: { groups: ['shop'] }, sources: [`${main}/**`], destinations: ['**'] });
    const proxy = await startProxy([], { settings: { POLICY } });
    const shop: Asking = { claims: { groups: ['shop'] } };
    const id = idOf(await proxy.submit({ ...goodCheck, source: { endpoint: 'web-01' } }, shop));
    await proxy.ended(id, shop);
    const before = callsOf(proxy);
    // Endpoints go first, also where a machine has the same name.
    expect(await idsIn(proxy, '/api/checks?source=web-01&destination=sql-01', shop)).toEqual([id]);
    expect((await proxy.ask('/api/flows?source=web-01&destination=sql-01', shop)).status).toBe(200);
    const forms = { source: resources.web2.id, destination: 'sql-01.example.com' };
    expect(await idsIn(proxy, `/api/checks?${queryOf(forms)}`, shop)).toEqual([]);
    expect(await idsIn(proxy, '/api/audit?source=web-01&destination=10.1.2.4', auditor)).not.toEqual([]);
    expect(await faultsOf(proxy, '/api/checks?source=sql-01', shop)).toMatchObject([
      { message: expect.stringMatching(/^This endpoint is an address/) },
    ]);
    // Not for whom no rule allows anything, and whose search is refused.
    await faultsOf(proxy, '/api/checks?source=idle-01');
    expect((await proxy.ask('/api/checks?source=idle-01&requester=bob', shop)).status).toBe(403);
    expect(callsOf(proxy)).toBe(before);

    const asked = [...searches('source', 'idle-01'), ...auditedSearches('source', 'bare-01')];
    const answers = await Promise.all(
      asked.map(([path, asking]) => proxy.ask(path, asking === auditor ? auditor : shop)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const queries = proxy.azure.arm.requests.filter(({ path }) => path.endsWith('ResourceGraph/resources'));
    // As one look-up, of pages of ten rows.
    expect(queries.length).toBeLessThanOrEqual(8);
    const after = callsOf(proxy);
    for (const [path] of searches('destination', 'idle-01')) expect((await proxy.ask(path, shop)).status).toBe(200);
    await faultsOf(proxy, '/api/audit?source=no-such', auditor);
    expect(callsOf(proxy)).toBe(after);
    await proxy.stop();
  });

  it('is, while the proxy is paused, the one that is kept; with none a name is refused, and forms are not', async () => {
    const settings = { POLICY: policy({}), PAUSED: 'true' };
    const proxy = await startProxy([], { settings });
    const paused = [...searches('source', 'idle-01'), ...auditedSearches('source', 'idle-01')];
    for (const [path, asking] of paused) {
      const [fault] = await faultsOf(proxy, path, asking);
      expect(fault?.message).toContain('as far as the list of machines can be read now');
    }
    expect(await idsIn(proxy, `/api/checks?${queryOf({ source: resources.idle.id })}`)).toEqual([]);
    expect(callsOf(proxy)).toBe(0);
    await proxy.restart([], { PAUSED: 'false' });
    await proxy.ask('/api/sources');
    await proxy.restart([]);
    const before = callsOf(proxy);
    for (const [path, asking] of paused) expect((await proxy.ask(path, asking)).status).toBe(200);
    expect(callsOf(proxy)).toBe(before);
    await proxy.stop();
  });
});
