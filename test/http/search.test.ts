import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/audit/event.ts';
import type { Source } from '../../src/contract/answer/source.ts';
import { randomIdFor } from '../../src/check/state/check-id.ts';
import type { Check, WaitingCheck } from '../../src/check/state/check.ts';
import { firstEventOf } from '../../src/check/state/event-of.ts';
import { parsePolicy } from '../../src/policy/policy.ts';
import { requesterIdOf, sampleEvent } from '../support/azurite-audit.ts';
import type { Listing } from '../../src/sources/listing.ts';
import { newSigningKey } from '../support/new-signing-key.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { sampleCaller, sampleCheck, tenantId, webVm } from '../support/samples.ts';
import { historyApp } from './history-app.ts';

const now = () => new Date('2026-03-02T12:00:00Z');
const closedVm = webVm.replace('web-01', 'web-09');

const parsed = parsePolicy(
  JSON.stringify({
    version: 1,
    endpoints: {
      'web-01': { resourceId: webVm },
      'sql-01': { address: '10.1.2.4', port: 1433 },
      'any-port': { address: '10.1.2.4' },
      'shop.example.com': { address: 'https://shop.example.com/health' },
      closed: { resourceId: closedVm },
    },
    rules: [
      {
        id: 'web',
        effect: 'allow',
        requesters: { roles: ['Check.Request'] },
        sources: ['endpoint:web-01'],
        destinations: ['10.0.0.0/8', 'endpoint:shop.example.com'],
      },
      { id: 'no-pci', effect: 'deny', requesters: { roles: ['Nobody'] }, destinations: ['10.9.0.0/16'] },
    ],
    customRoles: ['Nobody'],
  }),
);
if (!parsed.ok) throw new Error(parsed.faults.join());

/** `queue-7` is in Azure, and no check has it. */
const machine: Source = {
  ...{ name: 'queue-7', kind: 'virtualMachine', resourceId: webVm.replace('web-01', 'queue-7') },
  ...{ resourceGroup: 'rg-web', subscription: '00000000-0000-4000-8000-00000000000a', region: 'westeurope' },
  ...{ state: 'running', agent: 'present', watcher: 'present' },
};
const listing: Listing = { at: now().toISOString(), sources: [machine], unreadable: [] };
let listings = 0;

const proxy = historyApp({
  ...{ now, pem: newSigningKey(), policy: parsed.policy },
  listing: { get: () => ((listings += 1), Promise.resolve(listing)), recent: () => Promise.resolve(listing) },
});
const auditor = 'carol:Audit.Read';
const alice = 'alice:Check.Request';

type Change = Partial<WaitingCheck> & { readonly user?: string };

/** A check as a submit leaves it: audited, then kept. */
async function submitted({ user = 'alice', ...changes }: Change): Promise<WaitingCheck> {
  const caller = changes.caller ?? sampleCaller(user);
  const check = sampleCheck({
    ...{ id: randomIdFor(caller.requester.id, randomUUID()), caller },
    ...{ createdAt: '2026-03-02T10:00:00.000Z', origin: { sourceAddress: '127.0.0.1', requestId: randomUUID() } },
    ...changes,
  });
  const deps = { now, newId: () => randomUUID(), deputy: 'system-assigned' };
  await proxy.log.record({ ...firstEventOf(deps, check), action: 'requested', checkId: check.id });
  await proxy.store.insert(check);
  return check;
}

async function ended(check: WaitingCheck, how: 'Reachable' | 'Unreachable' | 'AzureFailed'): Promise<void> {
  const finishedAt = now().toISOString();
  const stored = (await proxy.store.find(check.id))!;
  const cause = { code: how, message: 'm', action: 'a', owner: 'requester' } as const;
  const next: Check =
    how === 'AzureFailed'
      ? { ...check, status: 'Failed', finishedAt, error: { code: how, message: 'm' }, cause }
      : {
          ...{ ...check, status: 'Succeeded', startedAt: finishedAt, finishedAt },
          verdict: { summary: 's', reachability: how, reasons: [] },
        };
  await proxy.store.replace(stored, next);
}

const refusal = (changes: Partial<AuditEvent> = {}): AuditEvent =>
  sampleEvent({
    ...{ action: 'refused', checkId: undefined, requestId: randomUUID(), time: '2026-03-02T11:00:00.000Z' },
    decision: { allowed: false, rule: 'no-pci', reason: 'No.', policy: 'f'.repeat(64) },
    ...changes,
  });

const checks: Record<'sql' | 'other' | 'uri' | 'old', WaitingCheck> = {} as never;
let refused: AuditEvent;
beforeAll(async () => {
  const source = { resourceId: webVm };
  checks.sql = await submitted({});
  checks.other = await submitted({
    user: 'bob',
    request: { source, destination: { address: '10.1.2.4', port: 22 }, protocol: 'Tcp' },
  });
  checks.uri = await submitted({
    request: { source, destination: { address: 'https://shop.example.com/health' } },
    decision: { ...sampleCheck().decision, rule: 'web' },
  });
  checks.old = await submitted({
    createdAt: '2026-02-20T10:00:00.000Z',
    request: { source, destination: { address: '10.1.9.9' }, protocol: 'Icmp' },
    decision: { ...sampleCheck().decision, rule: 'of last year' },
  });
  await ended(checks.sql, 'Reachable');
  await ended(checks.other, 'Unreachable');
  await ended(checks.old, 'AzureFailed');
  refused = refusal({
    requester: { ...sampleCaller('Zoë').requester, name: 'Zoë Ångström' },
    target: { source: webVm, destination: '10.9.0.1', port: 443, protocol: 'Tcp' },
  });
  await proxy.log.record(refused);
});

const query = (path: string, parameters: Record<string, string | readonly string[]>): string => {
  const all = Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return `${path}?${new URLSearchParams(all as [string, string][]).toString()}`;
};

async function found(path: string, token = auditor): Promise<string[]> {
  const { status, json, text } = await proxy.ask(path, token);
  expect([path, status, status === 200 ? '' : text]).toEqual([path, 200, '']);
  return json.value.map(({ id }) => Object.entries(checks).find(([, check]) => check.id === id)?.[0] ?? id).sort();
}

async function faultsOf(path: string, token = auditor): Promise<(readonly [string | undefined, string])[]> {
  const { status, json } = await proxy.ask(path, token);
  expect([path, status, json.error.code]).toEqual([path, 400, 'InvalidRequest']);
  return (json.error.details ?? []).map(({ target, message }) => [target, message] as const);
}

describe('GET /api/checks finds', () => {
  it.each([
    [{ source: 'web-01' }, ['old', 'other', 'sql', 'uri']],
    [{ source: `closed,${webVm}` }, ['old', 'other', 'sql', 'uri']],
    [{ source: webVm.toUpperCase() }, ['old', 'other', 'sql', 'uri']],
    [{ destination: 'sql-01' }, ['sql']],
    [{ destination: 'any-port' }, ['other', 'sql']],
    [{ destination: ['sql-01', '10.1.9.9'] }, ['old', 'sql']],
    [{ destination: 'shop.example.com' }, ['uri']],
    [{ destination: 'HTTPS://Shop.Example.com/health#x' }, ['uri']],
    [{ destination: '::ffff:10.1.2.4' }, ['other', 'sql']],
    [{ destination: '10.1.2.4', port: '22,80' }, ['other']],
    [{ port: '443' }, ['uri']],
    [{ protocol: 'icmp,HTTPS' }, ['old', 'uri']],
    [{ protocol: 'TCP' }, ['other', 'sql']],
    [{ rule: 'web' }, ['uri']],
    [{ rule: ['web', 'of last year'] }, ['old', 'uri']],
    [{ outcome: 'notReachable' }, ['old', 'other']],
    [{ outcome: 'Reachable' }, ['sql']],
    [{ code: 'azurefailed' }, ['old']],
    [{ status: 'failed,notstarted' }, ['old', 'uri']],
    [{ status: ['Failed', 'NotStarted'] }, ['old', 'uri']],
    [{ reachability: 'Unreachable,Degraded' }, ['other']],
    [{ status: 'Failed', outcome: 'notReachable' }, ['old']],
    [{ requester: ['ALICE', requesterIdOf('bob')], port: '1433,22' }, ['other', 'sql']],
    [{ requester: 'alice', from: '-36h' }, ['sql', 'uri']],
    [{ to: '-7d' }, ['old']],
    [{ from: '2026-03-02T12:00:00 02:00' }, ['other', 'sql', 'uri']],
    [{ from: '2026-03-02T10:00Z', to: '2026-03-03' }, ['other', 'sql', 'uri']],
    // Forms that a check can have.
    [{ destination: 'nowhere.example.com' }, []],
    [{ destination: 'db.' }, []],
    [{ source: closedVm }, []],
    [{ source: 'Queue-7' }, []],
    [{ destination: 'queue-7' }, []],
    [{ requester: randomUUID() }, []],
    [{ requester: `${tenantId}/${randomUUID()}` }, []],
  ] as const)('by %j', async (parameters, names) => {
    expect(await found(query('/api/checks', parameters))).toEqual(names);
  });

  it('one’s own by one’s own name, and others’ only with Audit.Read', async () => {
    expect(await found('/api/checks?requester=Alice', alice)).toEqual(['old', 'sql', 'uri']);
    expect(await found('/api/checks?rule=of+last+year', alice)).toEqual(['old']);
    for (const requester of ['bob', 'nobody at all', requesterIdOf('bob')]) {
      const { status, json } = await proxy.ask(query('/api/checks', { requester }), alice);
      expect([requester, status, json.error.code]).toEqual([requester, 403, 'MissingRole']);
    }
  });

  it('no endpoint that the caller may not know of, nor a rule', async () => {
    expect(await found('/api/checks?source=web-01', alice)).toHaveLength(3);
    const [fault] = await faultsOf('/api/checks?source=closed', alice);
    expect(fault).toEqual(await faultsOf('/api/checks?source=no-such', alice).then(([other]) => other));
    expect(await found('/api/checks?source=closed')).toEqual([]);
    expect(await faultsOf('/api/checks?rule=no-pci', alice)).toEqual([
      [
        'rule',
        'No rule of that id is in the policy, and none has ever allowed a check of yours: give the id of a rule.',
      ],
    ]);
  });

  it('the next page of the same people and times, whatever they were called', async () => {
    const first = await proxy.ask('/api/checks?requester=alice&from=-90d&top=1&source=web-01', auditor);
    const next = new URL(first.json.nextLink).searchParams;
    expect(next.get('from')).toBe('2025-12-02T12:00:00.000Z');
    expect(next.get('requester')).toBe(requesterIdOf('alice'));
    const second = await proxy.ask(first.json.nextLink, auditor);
    expect(second.json.value).toHaveLength(1);
  });

  it('the next page of the same destinations, as endpoints and hosts were written', async () => {
    const destination = ['sql-01', 'any-port', 'db.', '10.1.9.9', 'queue-7'];
    const first = await proxy.ask(query('/api/checks', { destination, top: '1' }));
    const next = new URL(first.json.nextLink).searchParams.getAll('destination');
    expect(next).toEqual([...destination.slice(0, -1), machine.resourceId]);
    expect((await proxy.ask(first.json.nextLink)).status).toBe(200);
  });
});

describe('a search', () => {
  it('looks for a machine only by a name that is no endpoint’s, and by no other form', async () => {
    const before = listings;
    for (const path of ['/api/checks', '/api/audit'])
      for (const parameters of [
        { source: 'web-01', destination: ['sql-01', 'shop.example.com'] },
        { source: webVm, destination: ['10.1.2.4', 'db.example.com', 'db.', 'https://x.example/'] },
      ])
        await found(query(path, parameters));
    expect(listings).toBe(before);
    expect(await found('/api/checks?source=queue-7')).toEqual([]);
    expect(listings).toBe(before + 1);
  });
});

describe('GET /api/audit finds', () => {
  it.each([
    [{ requester: 'zoë  ångström' }],
    [{ requester: 'Zoë Ångström'.normalize('NFD') }],
    [{ destination: '10.9.0.1' }],
    [{ source: 'web-01', action: 'refused,failed' }],
    [{ port: '443', protocol: 'tcp' }],
    [{ rule: 'no-pci' }],
    [{ code: 'PolicyRefused' }],
  ])('a refusal by %j', async (parameters) => {
    expect(await found(query('/api/audit', parameters))).toEqual([refused.id]);
  });

  it('a refusal, and all events of a check, by the id of the request', async () => {
    expect(await found(`/api/audit?requestId=${refused.requestId.toUpperCase()}`)).toEqual([refused.id]);
    const check = await submitted({ user: 'dave' });
    const { requestId } = check.origin;
    const more = { checkId: check.id, requester: check.caller.requester, time: check.createdAt };
    const started = sampleEvent({ ...more, action: 'started', requestId });
    const canceled = sampleEvent({ ...more, action: 'canceled', requestId: randomUUID() });
    await proxy.log.append({ sequence: 2, event: started });
    await proxy.log.append({ sequence: 3, event: canceled });
    expect(await found(`/api/audit?requestId=${requestId}`)).toHaveLength(2);
    const page = await proxy.ask(`/api/audit?requestId=${requestId}&top=1`);
    expect(page.json.value.map(({ id }) => id)).not.toContain(canceled.id);
    expect(await found(`/api/audit?requestId=${canceled.requestId}`)).toEqual([canceled.id]);
    expect(await found(`/api/audit?requestId=${requestId}&action=started`)).toEqual([started.id]);
    expect(await found(`/api/audit?requestId=${randomUUID()}`)).toEqual([]);
  });

  it('the first events of a request for several checks, page by page', async () => {
    const origin = { sourceAddress: '127.0.0.1', requestId: randomUUID() };
    for (const user of ['heidi', 'heidi', 'ivan']) await submitted({ user, origin });
    const ids: string[] = [];
    for (let link = `/api/audit?requestId=${origin.requestId}&top=2`; link;) {
      const { json } = await proxy.ask(link);
      ids.push(...json.value.map(({ id }) => id));
      link = json.nextLink;
    }
    expect(new Set(ids).size).toBe(3);
    expect(await found(`/api/audit?requestId=${origin.requestId}&requester=ivan`)).toHaveLength(1);
  });

  it('how a callback ended', async () => {
    const event = sampleEvent({ action: 'exported', outcome: { code: 'gone' }, time: '2026-03-02T11:30:00.000Z' });
    await proxy.log.append({ sequence: 4, event });
    expect(await found('/api/audit?code=gone,delivered')).toEqual([event.id]);
    expect(await found(query('/api/audit', { action: 'exported', checkId: event.checkId! }))).toEqual([event.id]);
  });

  it.each(['text/csv', 'application/x-ndjson'])('what an export as %s asks for', async (accept) => {
    const { text } = await proxy.ask('/api/audit?rule=no-pci', auditor, { accept });
    expect(text).toContain(refused.id);
    expect(text.trimEnd().split('\n')).toHaveLength(accept === 'text/csv' ? 2 : 1);
  });
});

describe('a display name', () => {
  it('that several bear is a fault that tells their ids', async () => {
    const twins = ['one', 'two'].map((user) => ({ ...sampleCaller(user).requester, name: 'Sam Twin' }));
    for (const requester of twins) await proxy.log.record(refusal({ requester }));
    for (const path of ['/api/checks', '/api/audit']) {
      const faults = await faultsOf(`${path}?requester=sam+twin`);
      expect(faults.map(([target]) => target)).toEqual(['requester', 'requester']);
      for (const { id } of twins) expect(faults.some(([, message]) => message.includes(id))).toBe(true);
    }
    expect(await found(query('/api/audit', { requester: twins.map(({ id }) => id), action: 'refused' }))).toHaveLength(
      2,
    );
  });

  it('finds whoever only read, or canceled, and who once was called so', async () => {
    const reader = 'Erin Reads:Audit.Read';
    expect((await proxy.ask('/api/audit?action=exported', reader)).status).toBe(200);
    expect(await found('/api/audit?requester=erin+reads')).toHaveLength(1);
    const { id } = sampleCaller('frank').requester;
    for (const name of ['Frank Old', 'Frank New'])
      await proxy.log.append({
        sequence: 2,
        event: sampleEvent({ action: 'canceled', requester: { ...sampleCaller('frank').requester, name } }),
      });
    for (const name of ['frank old', 'frank new', id])
      expect(await found(query('/api/audit', { requester: name }))).toHaveLength(2);
  });

  it('of a program can be the id of its client', async () => {
    const client = randomUUID();
    const requester = { ...sampleCaller('robot').requester, name: client, kind: 'app' as const };
    await proxy.log.record(refusal({ requester }));
    expect(await found(`/api/audit?requester=${client}`)).toHaveLength(1);
  });

  it('costs a request nothing once an instance knows it', async () => {
    const grace = { ...sampleCaller('grace').requester, objectId: randomUUID() };
    let writes = 0;
    proxy.tables.checks.pipeline.addPolicy({
      name: 'count',
      sendRequest: (request, next) => ((writes += request.method === 'GET' ? 0 : 1), next(request)),
    });
    const counts: number[] = [];
    for (let i = 0; i < 3; i++) {
      writes = 0;
      await proxy.log.record(refusal({ requester: grace }));
      counts.push(writes);
    }
    // The announcement; and once, the name and the rule.
    expect(counts).toEqual([3, 1, 1]);
  });
});

describe('what cannot be found is a fault that leads on', () => {
  it.each([
    ['/api/checks', { source: '10.1.2.4' }, 'source', /^A source is never an address: give the name of an endpoint/],
    ['/api/checks', { source: 'sql-01' }, 'source', /^This endpoint is an address/],
    ['/api/checks', { source: 'web-02' }, 'source', /resource id of a source/],
    ['/api/checks', { source: webVm.slice(0, -6) }, 'source', /^Give a whole resource id/],
    ['/api/checks', { source: webVm.replace('virtualMachines', 'disks') }, 'source', /^A source is a virtual machine/],
    ['/api/checks', { destination: 'sql-02' }, 'destination', /an IP address, a host name with a dot, or an http/],
    ['/api/checks', { destination: '1433' }, 'destination', /A port goes into the parameter port/],
    ['/api/checks', { destination: '10.1.4' }, 'destination', /^Some tools read 10\.1\.4 as 10\.1\.0\.4/],
    ['/api/audit', { destination: 'http://167772161/' }, 'destination', /^Some tools read 167772161 as 10\.0\.0\.1/],
    ['/api/checks', { destination: '10.1.2.4:1433' }, 'destination', /port 1433 into the parameter port/],
    ['/api/checks', { destination: 'https://me:secret@x.example/' }, 'destination', /without user name/],
    ['/api/checks', { requester: 'oncall' }, 'requester', /^Nobody of that name has ever asked: give an object id/],
    ['/api/checks', { requester: `${randomUUID()}/${randomUUID()}` }, 'requester', /of tenant 11111111-/],
    [
      '/api/checks',
      { requester: `${tenantId}/alice` },
      'requester',
      /^After the tenant stands the object id .*, a GUID/,
    ],
    ['/api/audit', { requester: `${tenantId}/` }, 'requester', /^After the tenant stands the object id .*, a GUID/],
    ['/api/checks', { requester: 'contoso/alice' }, 'requester', /^Nobody of that name has ever asked/],
    ['/api/checks', { rule: 'wen' }, 'rule', /none has ever allowed a check: did you mean "web"\?/],
    ['/api/checks', { rule: 'no-pci' }, 'rule', /^This rule denies, so no check ran under it: ask GET \/api\/audit/],
    ['/api/audit', { rule: 'no-pcl' }, 'rule', /did you mean "no-pci"\?/],
    ['/api/checks', { scope: 'all' }, 'scope', /^Give one of visible/],
    ['/api/checks', { port: '0' }, 'port', /1 to 65535/],
    ['/api/checks', { port: '443,' }, 'port', /Give a value/],
    ['/api/checks', { protocol: 'Udp' }, 'protocol', /no UDP/],
    ['/api/checks', { status: 'Unreachable' }, 'status', /reachability=Unreachable, or for outcome=notReachable/],
    ['/api/checks', { status: 'Runing' }, 'status', /Did you mean Running\?/],
    ['/api/checks', { code: 'NotFound' }, 'code', /^Give one of .*AzureFailed/],
    ['/api/checks', { outcome: 'bad' }, 'outcome', /reachable, notReachable/],
    ['/api/checks', { top: ['1', '2'] }, 'top', /once/],
    ['/api/checks', { from: ['-1d', '-2d'] }, 'from', /once/],
    ['/api/checks', { from: 'yesterday' }, 'from', /-36h/],
    ['/api/checks', { from: '2026-03-01T10:00:00' }, 'from', /offset/],
    ['/api/checks', { from: '2026-02-30' }, 'from', /offset/],
    ['/api/checks', { from: '2026-03-03' }, 'from', /future: it is 2026-03-02T12:00:00/],
    ['/api/checks', { from: '2026-03-02', to: '2026-03-01' }, 'from', /Give `from` before `to`/],
    ['/api/checks', { from: '2026-03-01', to: '2026-03-01' }, 'from', /Give `from` before `to`/],
    ['/api/checks', { from: '-1h', to: '-2h' }, 'from', /Give `from` before `to`/],
    ['/api/checks', { status: 'Running', outcome: 'notReachable' }, 'status', /No check is all/],
    ['/api/checks', { status: 'Failed', reachability: 'Degraded' }, 'reachability', /No check is all/],
    ['/api/checks', { status: 'Succeeded', code: 'Poisoned' }, 'code', /No check is all/],
    ['/api/checks', { outcome: 'reachable', reachability: 'Degraded,Unreachable' }, 'outcome', /No check is all/],
    ['/api/checks', { port: '443', protocol: 'Icmp' }, 'port', /Icmp has no port/],
    ['/api/checks', { port: '443', destination: 'sql-01' }, 'port', /has port 1433/],
    ['/api/checks', { port: '22', destination: 'https://x.example/' }, 'port', /has port 443/],
    ['/api/checks', { protocol: 'Tcp', destination: 'https://x.example/' }, 'protocol', /https URI/],
    ['/api/checks', { source: webVm, destination: 'web-01' }, 'destination', /same resource/],
    ['/api/checks', { destinaton: '10.1.2.4' }, 'destinaton', /unknown: did you mean "destination"\?/],
    ['/api/checks', { port: Array.from({ length: 11 }, (_, i) => String(i + 1)) }, undefined, /at most 10 values/],
    ['/api/audit', { requester: 'oncall' }, 'requester', /^Nobody of that name/],
    ['/api/audit', { requestId: '7' }, 'requestId', /x-ms-request-id/],
    ['/api/audit', { action: 'read', code: 'Poisoned' }, 'code', /failed, refused or exported have a code/],
    ['/api/audit', { action: 'refused', checkId: randomUUID() }, 'checkId', /has no check/],
    ['/api/audit', { action: 'reed' }, 'action', /Did you mean read\?/],
    ['/api/audit', { from: '2030-01-01' }, 'from', /future/],
    ['/api/audit/verification', { until: '2026' }, 'until', /known are from, to\./],
  ] as const)('%s?%j', async (path, parameters, target, message) => {
    const faults = await faultsOf(query(path, parameters));
    expect(faults).toContainEqual([target, expect.stringMatching(message)]);
    const nothingRead = await proxy.history.page({ requesters: [requesterIdOf('carol')], actions: ['read'] }, 1000);
    expect(nothingRead.events.map((event) => event.target.resource)).not.toContain(query(path, parameters));
  });

  it('names all faults of form at once', async () => {
    const faults = await faultsOf('/api/checks?port=x&protocol=y&x=1&top=0&status=z');
    expect(faults.map(([target]) => target).sort()).toEqual(['port', 'protocol', 'status', 'top', 'x']);
  });
});

/** What each parameter can be, as docs/api.md says. An empty answer to anything else would be a lie. */
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const forms: Record<string, RegExp> = {
  source: new RegExp(
    `^web-01$|^queue-7$|^/subscriptions/${uuid}/resourceGroups/.+/providers/Microsoft\\.(Compute|Network)/.+/.+$`,
    'i',
  ),
  destination: /^web-01$|^queue-7$|^\/subscriptions\/|[.:]/i,
  requester: new RegExp(`^(?:${tenantId}/)?${uuid}$`, 'i'),
};

describe('no value of a filter', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.stringMatching(/^[a-z0-9_.-]{1,20}$/),
    fc.stringMatching(/^[a-z]{1,8}-[0-9]{1,3}$/),
    fc.stringMatching(/^[0-9]{1,12}$/),
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.webUrl(),
    fc.uuid(),
    fc.constantFrom(
      'web-01',
      'WEB-01',
      'queue-7',
      'QUEUE-7',
      `${tenantId}/alice`,
      'sql',
      'alice',
      'all',
      '*',
      '%',
      "'",
      '-1d',
      'null',
      'undefined',
      '__proto__',
    ),
    fc.constantFrom(
      'Failed',
      'Unreachable',
      'failed',
      'poisoned',
      'Tcp',
      'udp',
      'web',
      webVm,
      `${webVm}/x`,
      'https://',
    ),
  );

  it.each([
    ['/api/checks', ['requester', 'source', 'destination', 'port', 'protocol', 'rule']],
    ['/api/checks', ['status', 'reachability', 'outcome', 'code', 'from', 'to']],
    ['/api/audit', ['requester', 'source', 'destination', 'port', 'protocol', 'rule']],
    ['/api/audit', ['requestId', 'checkId', 'action', 'code', 'from', 'to']],
  ])('of %s, be it of %j, is answered by an empty list in silence', async (path, parameters) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...parameters), texts, async (parameter, text) => {
        const { status, json } = await proxy.ask(query(path, { [parameter]: text }), auditor);
        // A shortened id that names no check is one that is not there.
        expect(parameter === 'checkId' && /^[0-9a-f-]{8,}$/i.test(text) ? [200, 400, 404] : [200, 400]).toContain(
          status,
        );
        if (status === 400) {
          expect(json.error.details?.length).toBeGreaterThan(0);
          for (const { message, target } of json.error.details ?? []) {
            expect(target).toBe(parameter);
            expect(message).toMatch(
              /\b(?:give|write|known are|it is|did you mean|ask for|one is|take|leave|has|have|begins?|ends?)\b/i,
            );
          }
        } else if (status === 200 && json.value.length === 0 && forms[parameter])
          expect(text.trim()).toMatch(forms[parameter]);
      }),
      { numRuns: numRuns(300) },
    );
  });
});
