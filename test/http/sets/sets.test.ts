import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { setViewSchema } from '../../../src/contract/answer/set.ts';
import { stepSet } from '../../../src/set/step.ts';
import { memoryApp } from '../memory-app.ts';
import { policyOf } from '../../support/memory/memory-proxy.ts';
import { range, vm } from '../../support/memory/set-world.ts';

const allow = { id: 'all', effect: 'allow' };
const sourceOf = (name: string) => ({ resourceId: vm(name) });
const product = (sources: readonly string[], ports: readonly number[]) => ({
  sources: sources.map(sourceOf),
  destinations: ports.map((port) => ({ address: '10.1.2.4', port })),
  protocol: 'Tcp',
});
const read = (json: unknown) =>
  setViewSchema.parse(Object.fromEntries(Object.entries(json as object).filter(([name]) => name !== 'refused')));
type Details = readonly { readonly target?: string; readonly message: string }[];
const targets = ({ error }: { error: { details: Details } }) => error.details.map(({ target }) => target);

describe('POST /api/sets', () => {
  it('is answered with the set, its place, and what was refused', async () => {
    const app = memoryApp({}, { policy: policyOf([allow, { id: 'no-ssh', effect: 'deny', ports: [22] }]) });
    const answer = await app.ask('POST /api/sets', { body: { ...product(['a', 'b'], [22, 443]), reason: 'INC-7' } });
    expect(answer.status).toBe(202);
    const set = read(answer.json);
    expect(answer.headers.get('location')).toBe(`https://proxy.example/base/api/sets/${set.id}`);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect([set.total, set.counts.refused, set.counts.running]).toEqual([4, 2, 2]);
    const { refused } = answer.json as unknown as { refused: object[] };
    expect(refused).toEqual(
      ['a', 'b'].map((name) => ({
        ...{ source: vm(name), destination: '10.1.2.4', port: 22, protocol: 'Tcp' },
        error: { code: 'PolicyRefused', message: expect.stringContaining('no-ssh') as string },
      })),
    );
    await app.drain();
    const ended = await app.ask(`GET /api/sets/${set.id}`, { headers: { prefer: 'wait=5' } });
    expect(ended.headers.get('retry-after')).toBeNull();
    expect(read(ended.json).checks.map(({ port, status, reachability }) => [port, status, reachability])).toEqual([
      ...[
        [22, 'Refused', undefined],
        [443, 'Succeeded', 'Reachable'],
      ],
      ...[
        [22, 'Refused', undefined],
        [443, 'Succeeded', 'Reachable'],
      ],
    ]);
    const [check] = app.store.rows();
    expect(check?.reason).toBe('INC-7');
    expect(app.actions().filter((action) => action === 'refused')).toHaveLength(2);
    expect(((await app.ask(`GET /api/checks/${check?.id ?? ''}`)).json as { setId?: string }).setId).toBe(set.id);
  });

  it('takes checks one by one, each with a reason of its own or that of the set', async () => {
    const app = memoryApp();
    const one = { source: sourceOf('a'), destination: { address: '10.1.2.4', port: 80 } };
    const answer = await app.ask('POST /api/sets', {
      body: { checks: [one, { ...one, reason: 'own' }], reason: 'all' },
    });
    expect(answer.status).toBe(202);
    expect(app.store.rows().map(({ reason }) => reason)).toEqual(['all', 'own']);
  });

  it('tells every fault with its place', async () => {
    const app = memoryApp();
    const bad = {
      source: sourceOf('a'),
      destination: { address: '10.1.2.4', port: 70_000 },
      callback: { url: 'https://a.example/' },
    };
    const good = { source: sourceOf('a'), destination: { address: '10.1.2.4', port: 7 } };
    const faults = async (body: unknown): Promise<unknown> => {
      const answer = await app.ask('POST /api/sets', { body });
      expect(answer.status).toBe(400);
      return targets(answer.json);
    };
    expect(await faults({ checks: [good, bad, { ...good, colour: 'red' }] })).toEqual([
      'checks[1].destination.port',
      'checks[2].colour',
    ]);
    expect(await faults({ checks: [good, { ...good, callback: { url: 'https://a.example/' } }] })).toEqual([
      'checks[1].callback',
    ]);
    expect(
      await faults({
        sources: [sourceOf('a'), {}],
        destinations: [{ address: '10.1.2.4' }, { endpoint: 'none', port: 3 }],
      }),
    ).toEqual(['destinations[0].port', 'destinations[1].endpoint', 'sources[1]']);
    expect(await faults({ ...product(['a'], [1]), colour: 'red' })).toEqual(['colour']);
    for (const two of [
      { ...product(['a'], [1]), checks: [good] },
      { name: 'n', checks: [good] },
      { ...product(['a'], [1]), name: 'n' },
      {},
    ])
      await faults(two);
    expect(await faults({ sources: [], destinations: [] })).toEqual(['sources', 'destinations']);
    expect(await faults(product(['a', 'b', 'c'], range(67)))).toEqual(['destinations']);
    expect(app.store.rows()).toEqual([]);
    expect(app.actions()).toEqual([]);
  });

  it('may be 256 KiB, and not more; a check stays at 64', async () => {
    const app = memoryApp();
    const pad = (bytes: number, body: object) => JSON.stringify(body).padEnd(bytes, ' ');
    const headers = { 'content-type': 'application/json' };
    const body = product(['a'], [1]);
    expect((await app.ask('POST /api/sets', { body: pad(256 * 1024, body), headers })).status).toBe(202);
    const large = await app.ask('POST /api/sets', { body: pad(256 * 1024 + 1, body), headers });
    expect([large.status, large.json.error.message]).toEqual([413, 'Send at most 256 KiB.']);
    expect((await app.ask('POST /api/checks', { body: pad(64 * 1024 + 1, {}), headers })).status).toBe(413);
  });

  it('is the same set under one key, at 202 again; reruns have keys of their own', async () => {
    const app = memoryApp();
    const headers = { 'idempotency-key': 'k' };
    const asked = () => app.ask('POST /api/sets', { body: product(['a'], [1, 2]), headers });
    const [first, second] = [await asked(), await asked()];
    expect([first.status, second.status, second.json.id]).toEqual([202, 202, first.json.id]);
    expect((await app.ask('POST /api/sets', { body: product(['a'], [1]), headers })).status).toBe(422);
    await app.drain();
    const again = () => app.ask(`POST /api/sets/${first.json.id}/rerun`, { headers });
    const [third, fourth] = [await again(), await again()];
    expect(third.json.id).not.toBe(first.json.id);
    expect(fourth.json.id).toBe(third.json.id);
  });

  it('needs the role, and is refused while the proxy is paused', async () => {
    expect((await memoryApp().ask('POST /api/sets', { body: product(['a'], [1]), roles: ['Audit.Read'] })).status).toBe(
      403,
    );
    const paused = memoryApp({}, { pause: {} });
    expect((await paused.ask('POST /api/sets', { body: product(['a'], [1]) })).status).toBe(503);
  });
});

describe('a set', () => {
  it('is its requester’s and, audited, for Audit.Read; for others it is not there', async () => {
    const app = memoryApp();
    const { id } = (await app.ask('POST /api/sets', { body: product(['a'], [1]) })).json;
    const events = app.actions().length;
    expect((await app.ask(`GET /api/sets/${id}`)).status).toBe(200);
    expect((await app.ask(`GET /api/sets/${id}`, { user: 'bob' })).status).toBe(404);
    expect((await app.ask(`DELETE /api/sets/${id}`, { user: 'bob' })).status).toBe(404);
    expect((await app.ask(`POST /api/sets/${id}/rerun`, { user: 'bob' })).status).toBe(404);
    expect((await app.ask('GET /api/sets/nonsense')).status).toBe(404);
    expect(app.actions()).toHaveLength(events);
    expect((await app.ask(`GET /api/sets/${id}`, { user: 'carol', roles: ['Audit.Read'] })).status).toBe(200);
    expect(app.audit.events().at(-1)).toMatchObject({ action: 'read', target: { resource: `/api/sets/${id}` } });
  });

  it('is listed for its requester, newest first, page by page, without its checks', async () => {
    const app = memoryApp();
    const ids: string[] = [];
    for (const i of range(3)) {
      app.advance(1);
      ids.unshift((await app.ask('POST /api/sets', { body: product(['a'], [i]) })).json.id);
    }
    await app.ask('POST /api/sets', { body: product(['a'], [1]), user: 'bob' });
    interface Page {
      readonly value: readonly { readonly id: string; readonly counts: { readonly running: number } }[];
      readonly nextLink?: string;
    }
    const first = (await app.ask('GET /api/sets?top=2')).json as unknown as Page;
    expect(first.value.map(({ id, counts }) => [id, counts.running])).toEqual(ids.slice(0, 2).map((id) => [id, 1]));
    expect(first.value[0]).not.toHaveProperty('checks');
    const next = new URL(first.nextLink ?? '');
    const second = (await app.ask(`GET /api/sets${next.search}`)).json as unknown as Page;
    expect(second.value.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(second.nextLink).toBeUndefined();
  });

  it('has an ETag, and is answered with 304 for as long as it stands still', async () => {
    const app = memoryApp();
    const { id } = (await app.ask('POST /api/sets', { body: product(['a'], [1, 2]) })).json;
    const path = `GET /api/sets/${id}`;
    const etag = (await app.ask(path)).headers.get('etag') ?? '';
    const known = { headers: { 'if-none-match': etag } };
    const same = await app.ask(path, known);
    expect([same.status, same.text, same.headers.get('retry-after')]).toEqual([304, '', '5']);
    await app.work();
    const moved = await app.ask(path, known);
    expect([moved.status, read(moved.json).counts.reachable]).toEqual([200, 1]);
  });

  it('may be named by the first eight characters of its id, where these are of one’s own sets', async () => {
    let [sets, others] = [0, 0];
    // Requests draw ids too: of what is drawn, each set has one that begins as told.
    const newId = () => `${('aab'[sets] ?? 'c').repeat(8)}-${String(others++).padStart(4, '0')}-4000-8000-000000000000`;
    const app = memoryApp({}, { newId });
    const made = async (user = 'alice') => {
      const { id } = (await app.ask('POST /api/sets', { body: product(['a'], [1]), user })).json;
      sets++;
      return id;
    };
    const [first, second, third] = [await made(), await made(), await made()];
    const own = await app.ask(`GET /api/sets/${third.slice(0, 8).toUpperCase()}`);
    expect(own.json.id).toBe(third);
    const several = await app.ask(`GET /api/sets/${first.slice(0, 8)}`);
    expect([several.status, several.json.error.details.map(({ message }) => message).toSorted()]).toEqual([
      400,
      [first, second].map((id) => `It may be ${id}.`).toSorted(),
    ]);
    expect((await app.ask(`GET /api/sets/${third.slice(0, 7)}`)).status).toBe(404);
    expect((await app.ask(`GET /api/sets/${third.slice(0, 8)}`, { user: 'bob' })).status).toBe(404);
    // Checks have ids of their own.
    expect((await app.ask(`GET /api/checks/${third}`)).status).toBe(404);
    const again = await app.ask(`POST /api/sets/${third.slice(0, 8)}/rerun`);
    expect(again.json).toMatchObject({ rerunOf: third });
    expect(read((await app.ask(`DELETE /api/sets/${third.slice(0, 8)}`)).json).counts.canceled).toBe(1);
  });

  it('has its id in the lines of the log that are about it', async () => {
    const app = memoryApp();
    const { id } = (await app.ask('POST /api/sets', { body: product(['a'], [1]) })).json;
    await app.ask(`GET /api/sets/${id}`, { user: 'bob' });
    expect(JSON.parse(app.log.at(-1)?.text ?? '')).toMatchObject({ message: 'request refused', setId: id });
    expect(app.log.at(-1)?.text).not.toContain('checkId');
  });

  it('has its id in the warnings about it, and its checks have theirs in those about them', async () => {
    const down = () => Promise.reject(new Error('down'));
    const app = memoryApp({}, { sleep: down, queue: { send: down } });
    const answer = await app.ask('POST /api/sets', { body: product(['a'], [1]), headers: { prefer: 'wait=1' } });
    const set = read(answer.json);
    const [check] = set.checks;
    expect(answer.status).toBe(202);
    const warnings = app.log.filter(({ level }) => level === 'warning').map(({ text }) => JSON.parse(text) as object);
    expect(warnings).toEqual(
      [{ checkId: check?.id }, { setId: set.id }].map((about) => ({
        ...about,
        message: expect.any(String) as string,
        cause: 'Error: down',
        requestId: expect.any(String) as string,
      })),
    );
  });

  it('is canceled with what waits and what runs; what has ended stays', async () => {
    const app = memoryApp();
    const { id } = (await app.ask('POST /api/sets', { body: product(['a'], range(8)) })).json;
    await app.work();
    const canceled = await app.ask(`DELETE /api/sets/${id}`);
    expect(canceled.status).toBe(200);
    expect(read(canceled.json).counts).toMatchObject({ running: 0, reachable: 1, canceled: 7 });
    expect(app.actions().filter((action) => action === 'canceled')).toHaveLength(4);
    expect((await app.store.sets.find(id))?.set.open).toBe(false);
    await app.drain();
    expect(read((await app.ask(`DELETE /api/sets/${id}`)).json).counts).toMatchObject({ reachable: 1, canceled: 7 });
    const other = (await app.ask('POST /api/sets', { body: product(['a'], range(8)) })).json.id;
    const byAdmin = await app.ask(`DELETE /api/sets/${other}`, { user: 'dora', roles: ['Check.Admin'] });
    expect(read(byAdmin.json).counts).toMatchObject({ running: 0, canceled: 8 });
    const last = app.audit.events().slice(-6);
    expect(last.map(({ action, requester }) => [action, requester.name])).toContainEqual(['read', 'dora']);
    expect(last.filter(({ action }) => action === 'canceled')).toHaveLength(5);
  });

  it('is asked for again as a whole, and tells what changed', async () => {
    const body = (connectionStatus: string) =>
      JSON.stringify({ hops: [], connectionStatus, probesSent: 3, probesFailed: 0 });
    const done = (status: string) => ({ kind: 'done', body: body(status), arm: { status: 200 } }) as const;
    const app = memoryApp({ begin: [done('Reachable'), done('Reachable'), done('Reachable'), done('Unreachable')] });
    const first = (await app.ask('POST /api/sets', { body: product(['a'], [1, 2]) })).json;
    await app.drain();
    const again = await app.ask(`POST /api/sets/${first.id}/rerun`, { body: { reason: 'after the change' } });
    expect(again.status).toBe(202);
    await app.drain();
    const set = read((await app.ask(`GET /api/sets/${again.json.id}`)).json);
    expect(set.rerunOf).toBe(first.id);
    expect(set.checks.map(({ reachability, changed }) => [reachability, changed])).toEqual([
      ['Reachable', false],
      ['Unreachable', true],
    ]);
    const before = read((await app.ask(`GET /api/sets/${first.id}`)).json);
    expect(before.checks[0]).not.toHaveProperty('changed');
    const reruns = app.store.rows().filter(({ member }) => member?.setId === set.id);
    expect(reruns.map(({ rerunOf }) => rerunOf)).toEqual(before.checks.map(({ id }) => id));
    expect(reruns[0]?.reason).toBe('after the change');
  });

  it('that had probe headers is not asked for again without them', async () => {
    const app = memoryApp();
    const headers = [{ name: 'Accept-Language', value: 'de' }];
    const check = {
      ...{ source: sourceOf('a'), destination: { address: 'a.example.com', port: 443 }, protocol: 'Https' },
      protocolConfiguration: { HTTPConfiguration: { headers } },
    };
    const asked = await app.ask('POST /api/sets', { body: { checks: [check] } });
    expect(asked.text).not.toContain('error');
    const answer = await app.ask(`POST /api/sets/${asked.json.id}/rerun`);
    expect([answer.status, answer.json.error.code]).toEqual([409, 'ProbeHeadersNeeded']);
  });
});

describe('a set of the policy', () => {
  const document = {
    version: 1,
    endpoints: { sql: { address: '10.9.9.9', port: 1433 }, web: { address: '10.1.2.4', port: 443 } },
    rules: [{ id: 'web', effect: 'allow', destinations: ['endpoint:web'] }],
    sets: {
      mine: {
        requesters: { roles: ['Check.Request'] },
        sources: [sourceOf('a'), sourceOf('b')],
        destinations: [{ endpoint: 'web' }, { endpoint: 'sql' }],
      },
      closed: { requesters: { roles: ['Audit.Read'] }, sources: [sourceOf('a')], destinations: [{ endpoint: 'web' }] },
    },
  };
  const parsed = parsePolicy(JSON.stringify(document));
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  const { policy } = parsed;

  it('is asked for by name; of what policy refuses only the count is told', async () => {
    const app = memoryApp({}, { policy });
    const answer = await app.ask('POST /api/sets', { body: { name: 'mine' } });
    expect(answer.status).toBe(202);
    const set = read(answer.json);
    expect([set.name, set.total, set.counts.refused, set.checks.length]).toEqual(['mine', 4, 2, 2]);
    expect((answer.json as unknown as { refused: unknown[] }).refused).toEqual([]);
    for (const text of [answer.text, (await app.ask(`GET /api/sets/${set.id}`)).text]) {
      expect(text).not.toContain('10.9.9.9');
      expect(text).not.toContain('sql');
    }
    expect(app.actions().filter((action) => action === 'refused')).toHaveLength(2);
    await app.drain();
    const again = await app.ask(`POST /api/sets/${set.id}/rerun`);
    expect(again.text).not.toContain('10.9.9.9');
    expect(read(again.json).counts).toMatchObject({ refused: 2, running: 2 });
  });

  it('shows nothing either of what policy refuses only at its turn', async () => {
    const ports = range(7, 2000);
    const both = {
      ...document,
      endpoints: {
        ...document.endpoints,
        ...Object.fromEntries(ports.map((port) => [`sql-${port}`, { address: '10.9.9.9', port }])),
      },
      rules: [allow],
      sets: { mine: { sources: [sourceOf('a')], destinations: ports.map((port) => ({ endpoint: `sql-${port}` })) } },
    };
    const opened = parsePolicy(JSON.stringify(both));
    const closed = parsePolicy(JSON.stringify({ ...both, rules: document.rules }));
    if (!opened.ok || !closed.ok) throw new Error('It is no policy.');
    const app = memoryApp({}, { policy: opened.policy });
    const { id } = (await app.ask('POST /api/sets', { body: { name: 'mine' } })).json;
    app.advance(200);
    expect(await stepSet({ ...app.deps, policy: closed.policy }, id)).toBe('waiting');
    await app.drain();
    app.advance(200);
    expect(await stepSet({ ...app.deps, policy: closed.policy }, id)).toBe('begun');
    const set = read((await app.ask(`GET /api/sets/${id}`)).json);
    expect([set.counts.refused, set.total, set.checks.length]).toEqual([2, 7, 5]);
    expect(set.checks.map(({ port }) => port)).toEqual(ports.slice(0, 5));
    expect(app.actions().filter((action) => action === 'refused')).toHaveLength(2);
  });

  it('that is closed and one that is not there are the same, and /api/me names the open ones', async () => {
    const app = memoryApp({}, { policy });
    const [closed, unknown] = [
      await app.ask('POST /api/sets', { body: { name: 'closed' } }),
      await app.ask('POST /api/sets', { body: { name: 'nothing' } }),
    ];
    const without = (text: string): string => text.replace(/"requestId":"[^"]*"/, '');
    expect([closed.status, without(closed.text)]).toEqual([404, without(unknown.text)]);
    const me = async (roles: string[]) =>
      (await app.ask('GET /api/me', { roles })).json as unknown as { sets: string[] };
    expect((await me(['Check.Request'])).sets).toEqual(['mine']);
    expect((await me(['Check.Request', 'Audit.Read'])).sets).toEqual(['mine', 'closed']);
    expect((await me(['Audit.Read'])).sets).toEqual([]);
  });

  it('shows a name as a name where policy refuses what it stands for', async () => {
    const open = {
      ...document,
      rules: [...document.rules, { id: 'sql', effect: 'allow', destinations: ['endpoint:sql'], sources: [vm('z')] }],
    };
    const opened = parsePolicy(JSON.stringify(open));
    if (!opened.ok) throw new Error(opened.faults.join('\n'));
    const app = memoryApp({}, { policy: opened.policy });
    const answer = await app.ask('POST /api/sets', {
      body: { sources: [sourceOf('a')], destinations: [{ endpoint: 'sql' }] },
    });
    expect(read(answer.json).checks).toMatchObject([{ destination: 'endpoint:sql', status: 'Refused' }]);
    const again = await app.ask(`POST /api/sets/${answer.json.id}/rerun`);
    expect(read(again.json).checks).toMatchObject([{ destination: 'endpoint:sql', status: 'Refused' }]);
    expect(answer.text + again.text).not.toContain('10.9.9.9');
  });
});

describe('the end of a set', () => {
  const url = 'https://hooks.example.com/sets/secret';
  const policy = () => {
    const parsed = parsePolicy(
      JSON.stringify({ version: 1, rules: [allow], callbacks: ['https://hooks.example.com/**'] }),
    );
    if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
    return parsed.policy;
  };

  it('is told where its requester asked, once it has ended, and audited with the origin', async () => {
    const app = memoryApp({}, { policy: policy() });
    const body = { ...product(['a'], range(7)), callback: { url } };
    const { id, ...accepted } = (await app.ask('POST /api/sets', { body })).json;
    expect(accepted).toMatchObject({
      callback: { origin: 'https://hooks.example.com', status: 'pending', attempts: 0 },
    });
    expect(app.posts).toEqual([]);
    for (let rounds = 0; rounds < 5; rounds++) {
      await app.drain();
      await app.stepSets();
      await app.drainNotices();
    }
    expect(app.posts).toHaveLength(1);
    const posted = JSON.parse(app.posts[0]?.body ?? '') as { type: string; data: { counts: object } };
    expect([posted.type, posted.data.counts]).toEqual([
      'set.ended',
      expect.objectContaining({ running: 0, reachable: 7 }),
    ]);
    const seen = await app.ask(`GET /api/sets/${id}`);
    expect(seen.json).toMatchObject({ callback: { status: 'delivered', attempts: 1 } });
    expect(seen.text).not.toContain('secret');
    expect((await app.store.sets.find(id))?.set).toMatchObject({ open: false });
    const exported = app.audit.events().filter(({ action }) => action === 'exported');
    expect(exported).toMatchObject([
      { target: { resource: 'https://hooks.example.com' }, outcome: { code: 'delivered' } },
    ]);
  });

  it('is told nowhere that policy does not name, and then nothing of the set is accepted', async () => {
    const app = memoryApp({}, { policy: policy() });
    const body = { ...product(['a'], [1]), callback: { url: 'https://elsewhere.example.com/' } };
    const answer = await app.ask('POST /api/sets', { body });
    expect(answer.status).toBe(403);
    expect(app.store.rows()).toEqual([]);
    expect(app.audit.events()).toMatchObject([{ action: 'refused', decision: { allowed: false } }]);
  });
});
