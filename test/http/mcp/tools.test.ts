import { describe, expect, it } from 'vitest';
import type { CheckFilter } from '../../../src/check/ports/check-list.ts';
import { type CheckView, checkViewSchema } from '../../../src/contract/check.ts';
import type { Unreadable } from '../../../src/contract/answer/source.ts';
import { type Role, roleSchema } from '../../../src/contract/requester.ts';
import { tools } from '../../../src/http/mcp/tools/tools.ts';
import { allowAll, noListing, policyOf } from '../../support/memory/memory-proxy.ts';
import { sampleTime, webVm } from '../../support/samples.ts';
import { memoryApp, workOnSleep } from '../memory-app.ts';
import { call, post, words, working } from './mcp-calls.ts';

/** The roles of which one is enough, and what the tool may be given where there is a check of that id. */
const known: readonly (readonly [string, readonly Role[], (id: string) => object])[] = [
  ['check_connectivity', ['Check.Request'], () => words],
  ['explain_policy', ['Check.Request'], () => words],
  ['get_check', ['Check.Request', 'Audit.Read'], (id) => ({ id })],
  ['compare_check', ['Check.Request', 'Audit.Read'], (id) => ({ id })],
  ['list_checks', ['Check.Request', 'Audit.Read'], () => ({})],
  ['list_endpoints', ['Check.Request'], () => ({})],
];

describe('every tool', () => {
  it.each(known)('%s needs one of the roles %j, and no other', async (name, enough, given) => {
    const app = working();
    const { id } = (await app.submit()).json;
    await app.drain();
    for (const roles of [[], ...roleSchema.options.map((role) => [role])]) {
      const { isError, text } = await call(app, name, given(id), { roles });
      const isEnough = roles.some((role) => enough.includes(role));
      expect([roles, isError, /^MissingRole: /.test(text)]).toEqual([roles, !isEnough, !isEnough]);
    }
  });

  it('tells a client beforehand what a call of it does', () => {
    const reads = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
    const probes = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true };
    expect(tools.map(({ name, annotations }) => [name, annotations])).toEqual(
      known.map(([name]) => [name, name === 'check_connectivity' ? probes : reads]),
    );
  });
});

describe('list_checks', () => {
  /** An app whose list of checks answers what it is given, and what that list was asked. */
  function listing(page: { readonly checks: readonly CheckView[]; readonly next?: string }) {
    const asked: { readonly filter: CheckFilter; readonly top: number }[] = [];
    const checkList = {
      page: (filter: CheckFilter, top: number) => {
        asked.push({ filter, top });
        return Promise.resolve(page);
      },
      seenPage: () => Promise.resolve({ checks: [] }),
    };
    const knownRequesters = { named: () => Promise.resolve([]), hasDecided: () => Promise.resolve(false) };
    const lists = { checkList, knownRequesters };
    return { asked, app: memoryApp({}, { policy: allowAll }, (proxy) => ({ ...workOnSleep(proxy), lists })) };
  }

  it('asks for 10 where nothing is said, and for what is given', async () => {
    const { asked, app } = listing({ checks: [] });
    await call(app, 'list_checks', {});
    await call(app, 'list_checks', { top: 3, status: 'Failed' });
    await call(app, 'list_checks', { top: 50 });
    expect(asked.map(({ top, filter: { statuses } }) => [top, statuses])).toEqual([
      [10, undefined],
      [3, ['Failed']],
      [50, undefined],
    ]);
  });

  it('says whether there are older ones', async () => {
    const checks = [checkViewSchema.parse((await working().submit()).json)];
    const some = await call(listing({ checks, next: 'older' }).app, 'list_checks', {});
    expect([some.told['more'], some.text]).toEqual([true, expect.stringMatching(/\)\nThere are older ones\.$/)]);
    const all = await call(listing({ checks }).app, 'list_checks', {});
    expect([all.told['more'], all.text]).toEqual([false, expect.not.stringContaining('older')]);
  });
});

describe('list_endpoints', () => {
  const numbered = (many: number) => Array.from({ length: many }, (_, n) => `m-${String(n).padStart(3, '0')}`);
  const endpoints = (many: number) =>
    Object.fromEntries(numbered(many).map((name) => [name, { address: '10.1.2.4', port: 1433 }]));
  const [subscription, resourceGroup] = ['00000000-0000-4000-8000-00000000000a', 'rg-web'];
  const sources = (many: number) =>
    numbered(many).map((name) => ({
      ...{ name, kind: 'virtualMachine' as const, resourceId: webVm.replace('web-01', name) },
      ...{ subscription, resourceGroup, region: 'westeurope' },
      ...{ state: 'running' as const, agent: 'present' as const, watcher: 'present' as const },
    }));

  async function told(
    named: { readonly endpoints: number; readonly sources: number },
    unreadable: readonly Unreadable[] = [],
  ) {
    const policy = policyOf([{ id: 'all', effect: 'allow' }], {}, { endpoints: endpoints(named.endpoints) });
    const get = () => Promise.resolve({ at: sampleTime, sources: sources(named.sources), unreadable: [...unreadable] });
    const app = memoryApp({}, { policy, listing: { ...noListing, get } });
    return call(app, 'list_endpoints', {});
  }

  it.each([
    [{ endpoints: 100, sources: 100 }, false],
    [{ endpoints: 101, sources: 0 }, true],
    [{ endpoints: 0, sources: 101 }, true],
  ])('tells 100 of each kind, and whether there are more: of %j', async (named, isMore) => {
    const { text, told: data } = await told(named);
    const most = { endpoints: Math.min(100, named.endpoints), sources: Math.min(100, named.sources) };
    expect(data).toMatchObject({
      endpoints: numbered(most.endpoints).map((name) => ({ name })),
      sources: numbered(most.sources).map((name) => ({ name })),
      more: isMore,
    });
    expect(text.endsWith('\nThere are more: search for part of a name.')).toBe(isMore);
  });

  it('says what could not be read', async () => {
    const unreadable = [{ subscription, code: 'AuthorizationFailed' }];
    const { text, told: data } = await told({ endpoints: 1, sources: 1 }, unreadable);
    expect([data['unreadable'], data['more']]).toEqual([unreadable, false]);
    expect(text).toBe('Endpoints: m-000\nSources: m-000\nNot everything could be read: there may be more.');
  });
});

describe('the revisions between the oldest and the newest', () => {
  it.each(['2025-06-18', '2025-11-25'])('%s is agreed upon, and spoken', async (revision) => {
    const app = working();
    const accept = { accept: 'application/json, text/event-stream' };
    const params = { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'old', version: '1' } };
    const begun = await post(app, { jsonrpc: '2.0', id: 1, method: 'initialize', params }, { headers: accept });
    expect([begun.status, begun.text]).toEqual([200, expect.stringContaining(`"protocolVersion":"${revision}"`)]);
    const headers = { ...accept, 'mcp-protocol-version': revision };
    const listed = await post(app, { jsonrpc: '2.0', id: 2, method: 'tools/list' }, { headers });
    expect([listed.status, listed.text]).toEqual([200, expect.stringContaining('"name":"check_connectivity"')]);
  });
});
