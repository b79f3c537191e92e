import { describe, expect, it } from 'vitest';
import type { Source, Unreadable } from '../../../src/contract/answer/source.ts';
import { done, policyOf } from '../../support/memory/memory-proxy.ts';
import { flowSchema } from '../../../src/contract/answer/comparison.ts';
import { webVm } from '../../support/samples.ts';
import { memoryApp, sampleBody } from '../memory-app.ts';

const answer = (connectionStatus: string, more: object = {}) => ({
  ...done,
  body: JSON.stringify({ hops: [], connectionStatus, probesSent: 10, probesFailed: 0, ...more }),
});
const [up, down] = [answer('Reachable'), answer('Unreachable', { probesFailed: 10 })];
const broken = {
  kind: 'failed',
  failure: { code: 'AzureFailed', message: 'no' },
  arm: { status: 400 },
} as const;

const flow = `/api/flows?source=${encodeURIComponent(webVm)}&destination=10.1.2.4`;
const port = (number: number) => ({ ...sampleBody, destination: { address: '10.1.2.4', port: number } });

type App = ReturnType<typeof memoryApp>;

/** Each a minute after the one before. */
async function history(app: App, bodies: readonly object[], user = 'alice'): Promise<string[]> {
  const ids: string[] = [];
  for (const body of bodies) {
    ids.push((await app.submit({ user, body })).json.id);
    await app.drain();
    app.advance(60);
  }
  return ids;
}

const flowOf = async (app: App, query = '', asking: object = {}) => {
  const { status, text } = await app.ask(`GET ${flow}${query}`, asking);
  expect(status).toBe(200);
  return flowSchema.parse(JSON.parse(text));
};

const minute = (number: number): string => `2026-03-01T10:0${number}:00.000Z`;

describe('GET /api/flows', () => {
  it('takes a protocol in any letter case, and says what is wrong with a parameter that is missing, or there twice', async () => {
    const app = memoryApp();
    await history(app, [sampleBody]);
    expect((await flowOf(app, '&protocol=tcp&port=1433')).newest).toHaveLength(1);
    expect((await flowOf(app, '&protocol=ICMP')).newest).toEqual([]);
    const faults = async (path: string): Promise<unknown> => {
      const { status, json } = await app.ask(`GET ${path}`);
      expect(status).toBe(400);
      return json.error.details.map(({ target, message }) => [target, message]);
    };
    expect(await faults(`${flow}&protocol=udp`)).toEqual([
      ['protocol', "Give one of Tcp, Http, Https, Icmp. Azure's checks know no UDP."],
    ]);
    expect(await faults('/api/flows')).toEqual(
      ['source', 'destination'].map((name) => [name, 'Give this parameter: the call needs it.']),
    );
    expect(await faults(`${flow}&source=a&port=1&port=2`)).toEqual(
      ['source', 'port'].map((name) => [name, 'Give this parameter once.']),
    );
  });

  it('tells when it worked last, when it failed first after that, and what changed between', async () => {
    const app = memoryApp({ begin: [up, down, up, down, broken, down] });
    const ids = await history(
      app,
      Array.from({ length: 6 }, () => sampleBody),
    );
    const { newest, ...told } = await flowOf(app, '&port=1433&protocol=Tcp');
    expect(told).toMatchObject({
      ...{ source: webVm, destination: '10.1.2.4', port: 1433, protocol: 'Tcp' },
      lastSuccess: { at: minute(2), id: ids[2] },
      firstFailure: { at: minute(3), id: ids[3] },
    });
    expect(told.changes.map(({ what }) => what)).toEqual(['reachability', 'reason', 'loss']);
    expect(newest.map(({ at, reachability, error }) => [at, reachability ?? error])).toEqual([
      [minute(5), 'Unreachable'],
      [minute(4), { code: 'AzureFailed' }],
      [minute(3), 'Unreachable'],
      [minute(2), 'Reachable'],
      [minute(1), 'Unreachable'],
      [minute(0), 'Reachable'],
    ]);
    expect(app.actions().filter((action) => action === 'read')).toEqual([]);
  });

  it('of a flow that never worked tells since when it fails; of one that nobody tested nothing', async () => {
    const app = memoryApp({ begin: [down] });
    expect(await flowOf(app)).toMatchObject({ changes: [], newest: [] });
    await history(app, [sampleBody, sampleBody]);
    const told = await flowOf(app);
    expect(told).toMatchObject({ firstFailure: { at: minute(0) }, changes: [] });
    expect(told).not.toHaveProperty('lastSuccess');
  });

  it('takes no failure of another port for the end of a success', async () => {
    const app = memoryApp({ begin: [up, down] });
    await history(app, [port(443), port(22)]);
    const told = await flowOf(app);
    expect(told).toMatchObject({ lastSuccess: { at: minute(0) }, changes: [] });
    expect(told).not.toHaveProperty('firstFailure');
    expect(told.newest.map((each) => each.port)).toEqual([22, 443]);
    expect((await flowOf(app, '&port=22')).newest).toHaveLength(1);
    expect((await flowOf(app, '&protocol=Http')).newest).toEqual([]);
  });

  it('without a port has those that the caller may test now, and one audit event where others’ are among them', async () => {
    const app = memoryApp({ begin: [up] });
    await history(app, [port(443), port(22)]);
    const policy = policyOf([{ id: 'web', effect: 'allow', ports: [443] }]);
    const strict = memoryApp({}, { ...app.deps, policy });
    const bobs = await flowOf(strict, '', { user: 'bob' });
    expect(bobs.newest).toEqual([{ at: minute(0), reachability: 'Reachable', port: 443, protocol: 'Tcp' }]);
    expect(bobs.lastSuccess).toEqual({ at: minute(0) });
    const [event] = app.audit.events().filter(({ action }) => action === 'read');
    expect(event).toMatchObject({
      requester: { name: 'bob' },
      target: { source: webVm, destination: '10.1.2.4', resource: expect.stringContaining('/api/flows?source=') },
    });
    expect(event).not.toHaveProperty('checkId');
    // Her own on port 22 are hers.
    expect((await flowOf(strict)).newest).toHaveLength(2);
    expect((await strict.ask(`GET ${flow}&port=22`, { user: 'bob' })).status).toBe(403);
    expect((await strict.ask(`GET ${flow}&port=8443`, { user: 'bob' })).json.error.code).toBe('PolicyRefused');
  });

  it('reads names of endpoints, with the endpoint’s own port, and names every side that it cannot read', async () => {
    const endpoints = { web: { resourceId: webVm }, db: { address: '10.1.2.4', port: 1433 } };
    const policy = policyOf([{ id: 'all', effect: 'allow' }], {}, { endpoints });
    const app = memoryApp({ begin: [up] }, { policy });
    await history(app, [sampleBody, port(22)]);
    const told = JSON.parse((await app.ask('GET /api/flows?source=web&destination=db')).text);
    expect(told).toMatchObject({ source: webVm, destination: '10.1.2.4', port: 1433, newest: [{ port: 1433 }] });
    const wrong = await app.ask('GET /api/flows?source=nobody&destination=a%20b&port=0');
    expect(wrong.json.error.details.map(({ target }) => target)).toEqual(['port']);
    const unknown = await app.ask('GET /api/flows?source=nobody&destination=a%20b');
    expect(unknown.json.error.details.map(({ target }) => target)).toEqual(['source', 'destination']);
    const other = await app.ask('GET /api/flows?source=web&destination=db&port=22');
    expect(other.json.error.details.map(({ target }) => target)).toEqual(['port']);
    expect((await app.ask('GET /api/flows?source=web')).status).toBe(400);
    // A host of one label ends with a dot, as in lists.
    expect((await app.ask('GET /api/flows?source=web&destination=db.')).status).toBe(200);
    const mixed = await app.ask('GET /api/flows?source=web&destination=https://x.example/&port=22&protocol=Icmp');
    expect(mixed.json.error.details.map(({ target }) => target)).toEqual(['port', 'protocol']);
  });
});

describe('a side of a flow that is a name', () => {
  const machine = (name: string): Source => ({
    ...{ name, kind: 'virtualMachine', resourceId: webVm.replace('web-01', name), resourceGroup: 'rg-web' },
    ...{ subscription: '00000000-0000-4000-8000-00000000000a', region: 'westeurope', state: 'running' },
    ...{ agent: 'present', watcher: 'present' },
  });
  /** Of all machines `web-01` alone is a source to anybody. */
  const appWith = (sources: Source[], unreadable: Unreadable[] = []) => {
    const listing = { at: minute(0), sources, unreadable };
    const kept = { get: () => Promise.resolve(listing), recent: () => Promise.resolve(listing) };
    const policy = policyOf([{ id: 'from web', effect: 'allow', sources: [webVm] }]);
    return memoryApp({ begin: [up] }, { policy, listing: kept });
  };
  const asked = async (app: App, source: string, destination: string) => {
    const { status, text, json } = await app.ask(
      `GET /api/flows?${new URLSearchParams({ source, destination }).toString()}`,
    );
    if (status === 200) return flowSchema.parse(JSON.parse(text));
    expect([status, json.error.code]).toEqual([400, 'InvalidRequest']);
    return json.error.details.map(({ code, target }) => [target, code]);
  };
  const to = (place: object) => ({ ...sampleBody, destination: { ...place, port: 1433 } });

  it('is that of the machine, also of one that nobody may test from, and of one with a dot', async () => {
    const names = ['web-01', 'sql-01', 'vm.linux-1'];
    const app = appWith(names.map(machine));
    const ids = await history(
      app,
      names.slice(1).map((name) => to({ resourceId: machine(name).resourceId })),
    );
    for (const [at, name] of names.slice(1).entries()) {
      const told = await asked(app, 'WEB-01', name.toUpperCase());
      expect(told).toMatchObject({ source: webVm, destination: machine(name).resourceId, newest: [{ id: ids[at] }] });
    }
  });

  it('is of a code of its own where no machine has it; with a dot it is a host’s then', async () => {
    const app = appWith(['web-01', 'sql-01'].map(machine));
    const [id] = await history(app, [to({ address: 'db.example.com' })]);
    expect(await asked(app, 'web-01', 'db')).toEqual([['destination', 'UnknownName']]);
    expect(await asked(app, 'sql-01', 'db')).toEqual([
      ['source', 'UnknownName'],
      ['destination', 'UnknownName'],
    ]);
    expect(await asked(app, 'web-01', 'db.example.com')).toMatchObject({ newest: [{ id }] });
    expect(await asked(app, 'web.01', '10.1.2.4')).toEqual([['source', 'UnknownName']]);
    expect(await asked(app, '10.1.2.4', 'a b')).toEqual([
      ['source', 'InvalidValue'],
      ['destination', 'InvalidValue'],
    ]);
  });

  it('is of another code where the machines could not be read; with a dot it is a host’s all the same', async () => {
    const app = appWith([], [{ subscription: '00000000-0000-4000-8000-00000000000a', code: 'Paused' }]);
    expect(await asked(app, 'web-01', 'db')).toEqual([
      ['source', 'UnreadNames'],
      ['destination', 'UnreadNames'],
    ]);
    expect(await asked(app, webVm, 'db.example.com')).toMatchObject({ destination: 'db.example.com', newest: [] });
  });

  it('that several have is refused with each, with a dot too', async () => {
    const app = appWith(
      ['rg-a', 'rg-b'].map((group) => {
        const { resourceId, ...twin } = machine('vm.twin');
        return { ...twin, resourceId: resourceId.replace('rg-web', group) };
      }),
    );
    expect(await asked(app, webVm, 'vm.twin')).toEqual([
      ['destination', 'AmbiguousName'],
      ['destination', 'AmbiguousName'],
    ]);
  });
});

describe('GET /api/checks/{id}/comparison', () => {
  const compared = async (app: App, id: string, query = '') => {
    const { status, text } = await app.ask(`GET /api/checks/${id}/comparison${query}`);
    return { status, json: JSON.parse(text) as { readonly error?: { readonly code: string } } };
  };

  it('compares with the last that was reachable, with the one before, or with the one that is named', async () => {
    const app = memoryApp({ begin: [up, down, broken, down] });
    const [first = '', second = '', failed = '', last = ''] = await history(
      app,
      Array.from({ length: 4 }, () => sampleBody),
    );
    expect((await compared(app, last)).json).toMatchObject({
      check: { id: last, at: minute(3), reachability: 'Unreachable' },
      with: { id: first, at: minute(0), reachability: 'Reachable' },
      changed: true,
    });
    for (const word of ['previous', 'PREVIOUS'])
      expect((await compared(app, last, `?with=${word}`)).json).toMatchObject({ with: { id: second }, changed: false });
    expect((await compared(app, last, `?with=${failed}`)).json).toMatchObject({
      with: { id: failed, error: { code: 'AzureFailed' } },
      changes: [{ what: 'reachability', before: 'AzureFailed', after: 'Unreachable' }],
    });
    expect((await compared(app, failed)).json).toMatchObject({
      check: { error: { code: 'AzureFailed' } },
      with: { id: first },
    });
    expect((await compared(app, first)).json).toEqual({
      check: { id: first, at: minute(0), reachability: 'Reachable' },
      ...{ changed: false, changes: [] },
    });
    // Short ids are taken wherever an id is.
    expect((await compared(app, last.slice(0, 8), `?with=${first.slice(0, 9)}`)).json).toMatchObject({
      with: { id: first },
    });
  });

  it('takes an answer of which nobody can tell what the result is for one without a path', async () => {
    const twice = { ...done, body: JSON.stringify({ properties: { hops: [] }, result: { hops: [] } }) };
    const app = memoryApp({ begin: [up, twice] });
    const [, last = ''] = await history(app, [sampleBody, sampleBody]);
    const { status, json } = await compared(app, last);
    expect(status).toBe(200);
    expect(json).toMatchObject({ check: { reachability: 'Inconclusive' }, with: { reachability: 'Reachable' } });
  });

  it('is 409 before the end, 404 with what the caller may not read, and 400 with what does not compare', async () => {
    const app = memoryApp({ begin: [up] });
    const [first = ''] = await history(app, [sampleBody]);
    const [other = ''] = await history(app, [port(22)]);
    const [last = ''] = await history(app, [sampleBody]);
    const open = (await app.submit()).json.id;
    const outcome = async (id: string, query = '') => {
      const { status, json } = await compared(app, id, query);
      return [status, json.error?.code];
    };
    expect(await outcome(open)).toEqual([409, 'CheckOpen']);
    expect(await outcome(last, `?with=${open}`)).toEqual([409, 'CheckOpen']);
    expect(await outcome(last, `?with=${other}`)).toEqual([400, 'InvalidRequest']);
    expect(await outcome(first, `?with=${last}`)).toEqual([400, 'InvalidRequest']);
    expect(await outcome(last, `?with=${last}`)).toEqual([400, 'InvalidRequest']);
    expect(await outcome(last, '?with=00000000-0000-4000-8000-000000000000')).toEqual([404, 'NotFound']);
    expect(await outcome(last, '?with=best')).toEqual([404, 'NotFound']);
    const [bobs = ''] = await history(app, [sampleBody], 'bob');
    expect(await outcome(last, `?with=${bobs}`)).toEqual([404, 'NotFound']);
  });
});

describe('a short id', () => {
  it('names one of the caller’s own newest checks, in any call; where several begin so, they are named', async () => {
    let number = 0;
    const newId = () => `${number++ < 2 ? 'aaaaaaaa' : 'bbbbbbbb'}-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const app = memoryApp({ begin: [up] }, { newId });
    // The first id is the request's.
    const { json } = await app.submit();
    const short = json.id.slice(0, 8);
    expect((await app.ask(`GET /api/checks/${short}`)).json.id).toBe(json.id);
    expect((await app.ask(`GET /api/checks/${short.toUpperCase()}-0`)).json.id).toBe(json.id);
    expect((await app.ask(`GET /api/checks/${short.slice(0, 7)}`)).status).toBe(404);
    expect((await app.ask(`GET /api/checks/${short}`, { user: 'bob' })).status).toBe(404);
    await app.submit();
    const more = await app.submit();
    const several = await app.ask(`GET /api/checks/${more.json.id.slice(0, 8)}`);
    expect([several.status, several.json.error.code]).toEqual([400, 'InvalidRequest']);
    expect(several.json.error.details).toHaveLength(2);
    expect((await app.ask(`DELETE /api/checks/${short}`)).json.status).toBe('Canceled');
  });
});
