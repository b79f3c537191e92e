import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failPoisoned } from '../../../src/check/fail-poisoned.ts';
import type { Answer, Failure } from '../../../src/check/ports/network-watcher.ts';
import { accepted, allowAll, body, done, policyOf, type Script } from '../../support/memory/memory-proxy.ts';
import { watcherId, webVm } from '../../support/samples.ts';
import { memoryApp, publicUrl, workOnSleep } from '../memory-app.ts';

const url = `${watcherId}/connectivityCheck?api-version=2025-05-01`;
const { pathname: path } = new URL(url, publicUrl);
const armBody = {
  source: { resourceId: webVm, port: 0 },
  destination: { address: '10.1.2.4', port: 1433 },
  protocol: 'Tcp',
  preferredIPVersion: 'IPv4',
};
const httpBody = {
  ...armBody,
  protocol: 'Http',
  protocolConfiguration: { HTTPConfiguration: { method: 'Get', validStatusCodes: [200] } },
};

type App = ReturnType<typeof memoryApp>;
type Asking = Parameters<App['ask']>[1];

const post = (app: App, asking: Asking = {}, to = url) => app.ask(`POST ${to}`, { body: armBody, ...asking });
/** What stands after the address that links begin with. */
const placeIn = ({ headers }: { readonly headers: Headers }): string => {
  const location = headers.get('location') ?? '';
  expect(location.startsWith(`${publicUrl}/subscriptions/`)).toBe(true);
  return location.slice(publicUrl.length);
};
const poll = (app: App, place: string, asking: Asking = {}) => app.ask(`GET ${place}`, asking);

/** The answer to the poll of a check that ended so. */
async function ended(script: Script, changes: Parameters<typeof memoryApp>[1] = {}) {
  const app = memoryApp(script, changes);
  const place = placeIn(await post(app));
  await app.drain();
  return poll(app, place);
}

const failed = (failure: Failure): Answer => ({
  kind: 'failed',
  failure,
  arm: { status: failure.answer?.status ?? 0 },
});

describe('POST …/connectivityCheck', () => {
  it('is accepted as ARM accepts: null, and an absolute Location at the configured address', async () => {
    const app = memoryApp();
    const answer = await post(app, { headers: { 'x-ms-client-request-id': 'one' } });
    expect([answer.status, answer.text]).toEqual([202, 'null']);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('location')).toMatch(
      /^https:\/\/proxy\.example\/base\/subscriptions\/00000000-0000-4000-8000-00000000000a\/providers\/Microsoft\.Network\/locations\/[a-z]+\/operationResults\/[0-9a-f-]{36}\?api-version=2025-05-01$/,
    );
    expect(answer.headers.get('retry-after')).toMatch(/^[12]$/);
    expect(answer.headers.get('x-ms-client-request-id')).toBe('one');
    expect(answer.headers.get('x-ms-request-id')).not.toBeNull();
    for (const name of ['operation-location', 'azure-asyncoperation']) expect(answer.headers.get(name)).toBeNull();
  });

  it('keeps a check that came by arm, with the watcher of the path, in storage and audit', async () => {
    const app = memoryApp();
    await post(app);
    await app.drain();
    const [check] = app.store.rows();
    expect(check).toMatchObject({
      status: 'Succeeded',
      networkWatcher: watcherId,
      caller: { requester: { name: 'alice', via: 'arm' } },
      request: { source: { resourceId: webVm }, preferredIPVersion: 'IPv4' },
    });
    expect(app.actions()).toEqual(['requested', 'started', 'finished']);
    expect(new Set(app.audit.events().map(({ requester }) => requester.via))).toEqual(new Set(['arm']));
    expect(app.calls.map(({ kind }) => kind)).toEqual(['begin']);
  });

  it('takes paths in any letter case, any api-version, and whatever else stands in the query', async () => {
    const app = memoryApp();
    const versions = fc.stringMatching(/^[\w.-]{0,20}$/);
    await fc.assert(
      fc.asyncProperty(
        versions,
        fc.boolean(),
        fc.constantFrom('', '&$expand=x', '&a=1&a=2'),
        async (version, upper, more) => {
          const place = upper ? path.toUpperCase() : path.toLowerCase();
          const answer = await post(app, {}, `${place}?API-Version=${version}${more}`);
          expect([answer.status, answer.text]).toEqual([202, 'null']);
          const polled = new URL(answer.headers.get('location')!);
          expect([...polled.searchParams]).toEqual([['api-version', version]]);
          const asked = polled.pathname.replace('/base', '');
          const once = await poll(app, `${upper ? asked.toUpperCase() : asked}${polled.search}${more}`);
          expect([once.status, once.headers.get('location')]).toEqual([202, polled.href]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('has no api-version in Location where the caller gave none: a client adds its own', async () => {
    const answer = await post(memoryApp(), {}, path);
    expect(placeIn(answer)).not.toContain('?');
  });

  it('takes what ARM takes, spelled as ARM spells it, and sends it to Azure so', async () => {
    const app = memoryApp();
    await post(app, { body: httpBody });
    expect(app.store.rows()[0]?.request).toMatchObject({
      protocolConfiguration: { HTTPConfiguration: { method: 'Get', validStatusCodes: [200] } },
    });
  });

  it('names each fault of a body in ARM’s form, and a watcher of another subscription as one', async () => {
    const app = memoryApp();
    const faulty = await post(app, { body: { ...armBody, protocol: 'Udp', destination: { address: '10.1.2.4' } } });
    expect(faulty.status).toBe(400);
    expect(faulty.json.error.details.map(({ target }) => target)).toEqual(['protocol', 'destination.port']);
    const other = url.replace('00000000000a', '00000000000b');
    const { status, json } = await post(app, {}, other);
    expect([status, json.error.details]).toMatchObject([400, [{ target: 'networkWatcher' }]]);
    const twice = await post(app, { body: { ...armBody, NetworkWatcher: watcherId } });
    expect([twice.status, twice.json.error.target]).toEqual([400, 'networkWatcher']);
    expect(app.store.rows()).toEqual([]);
  });

  it('is decided by policy as any submit, and a rule about the door binds this one', async () => {
    const noArm = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no-arm', effect: 'deny', requesters: { via: ['arm'] }, reason: 'not by ARM.' },
    ]);
    const app = memoryApp({}, { policy: noArm });
    const refused = await post(app);
    expect(refused.status).toBe(403);
    expect(refused.json).toEqual({ error: { code: 'PolicyRefused', message: expect.stringContaining('not by ARM.') } });
    expect(app.actions()).toEqual(['refused']);
    expect((await app.submit()).status).toBe(202);
  });

  it('tells of a missing token and role in ARM’s form', async () => {
    const none = await post(memoryApp(), { user: '' });
    expect([none.status, none.headers.get('www-authenticate'), Object.keys(none.json.error)]).toEqual([
      401,
      'Bearer',
      ['code', 'message'],
    ]);
    const role = await post(memoryApp(), { roles: ['Audit.Read'] });
    expect([role.status, role.json.error.code]).toEqual([403, 'MissingRole']);
  });
});

describe('the poll', () => {
  it('answers 202, null and where to ask while the check waits and runs, as often as it is asked', async () => {
    const app = memoryApp({ begin: [accepted], poll: [accepted] });
    const place = placeIn(await post(app));
    for (let step = 0; step < 3; step += 1) {
      for (const answer of [await poll(app, place), await poll(app, place)]) {
        expect([answer.status, answer.text, placeIn(answer)]).toEqual([202, 'null', place]);
        expect(answer.headers.get('retry-after')).toMatch(/^[12]$/);
        for (const name of ['operation-location', 'azure-asyncoperation']) expect(answer.headers.get(name)).toBeNull();
      }
      if (step < 2) await app.work();
    }
  });

  it('answers 200 and Azure’s body to the byte, without a Location, and bears a content type without a body', async () => {
    const own = '{\r\n  "hops": [],\r\n  "connectionStatus": "Reachable", "errors": {}, "new": [1.10, null, "ü"]\r\n}';
    const app = memoryApp({ begin: [{ ...done, body: own }] });
    const place = placeIn(await post(app));
    await app.drain();
    const answer = await poll(app, place, { headers: { 'content-type': 'application/json' } });
    expect([answer.status, answer.text]).toEqual([200, own]);
    for (const name of ['location', 'retry-after', 'operation-location', 'azure-asyncoperation'])
      expect(answer.headers.get(name)).toBeNull();
  });

  it('audits nothing of one’s own, and is not there for others', async () => {
    const app = memoryApp();
    const place = placeIn(await post(app));
    await app.drain();
    const before = app.actions();
    await poll(app, place);
    expect((await poll(app, place, { user: 'mallory' })).status).toBe(404);
    expect(app.actions()).toEqual(before);
    expect((await poll(app, place, { user: 'auditor', roles: ['Audit.Read'] })).status).toBe(200);
    expect(app.actions()).toEqual([...before, 'read']);
  });

  it('finds a check by the first characters of its id, and one that came by another door', async () => {
    const app = memoryApp();
    const { json } = await app.submit();
    await app.drain();
    const place = `/subscriptions/x/providers/Microsoft.Network/locations/anywhere/operationResults/${json.id.slice(0, 8)}`;
    expect([(await poll(app, place)).status, (await poll(app, place)).text]).toEqual([200, body]);
  });

  it.each([400, 403, 404, 409, 412, 422])('answers Azure’s %i as it came', async (refused) => {
    const own = '{"error":{"code":" X ","message":"said Azure","details":[]}}';
    const answer = { status: refused, body: own };
    const { status, text } = await ended({ begin: [failed({ code: 'AzureRefused', message: 'm', answer })] });
    expect([status, text]).toEqual([refused, own]);
  });

  it.each([401, 405, 408, 429])('answers 424 with Azure’s body where Azure said %i to the proxy', async (refused) => {
    const own = '{"error":{"code":"X","message":"said Azure"}}';
    const answer = { status: refused, body: own };
    const { status, text, headers } = await ended({ begin: [failed({ code: 'AzureRefused', message: 'm', answer })] });
    expect([status, text, headers.get('retry-after'), headers.get('www-authenticate')]).toEqual([424, own, null, null]);
  });

  it.each(['MissingSubscriptionRegistration', 'MissingRegistrationForResourceProvider'])(
    'answers 424 where Azure said 409 %s, at which Go and Python would register the provider with the proxy',
    async (code) => {
      const answer = { status: 409, body: JSON.stringify({ error: { code, message: 'm' } }) };
      const { status, json } = await ended({ begin: [failed({ code: 'AzureRefused', message: 'm', answer })] });
      expect([status, json.error.code]).toEqual([424, code]);
    },
  );

  it.each(['<html>', '', 'null', '[]', '{"Message":"no"}', '{"error":"invalid_client"}'])(
    'tells by itself of a refusal that is no error of ARM’s: %s',
    async (own) => {
      const answer = { status: 403, body: own };
      const { status, json } = await ended({ begin: [failed({ code: 'AzureRefused', message: 'No.', answer })] });
      expect([status, json.error.code, json.error.message]).toEqual([
        424,
        'AzureRefused',
        expect.stringContaining('No.'),
      ]);
    },
  );

  it.each(['AzureFailed', 'AzureRefused', 'ResultTooLarge', 'NotAsAccepted'] as const)(
    'answers 424 for %s, with what Azure said among the details',
    async (code) => {
      const innererror = { code: 'InternalServerError', message: 'Azure is ill.' };
      const { status, json, headers } = await ended({ begin: [failed({ code, message: 'No result.', innererror })] });
      expect([status, json.error.code, headers.get('retry-after')]).toEqual([424, code, null]);
      expect(json.error.details).toEqual([innererror]);
      expect(Object.keys(json.error).sort()).toEqual(['code', 'details', 'message']);
    },
  );

  it('answers 424 past a deadline, and for a poisoned message', async () => {
    const late = await ended({ begin: [accepted], poll: [accepted] });
    expect([late.status, late.json.error.code]).toEqual([424, 'DeadlineExceeded']);
    const app = memoryApp();
    const place = placeIn(await post(app));
    const [check] = app.store.rows();
    app.advance(91);
    expect(await failPoisoned(app.deps, check!.id)).toBe(true);
    const poisoned = await poll(app, place);
    expect([poisoned.status, poisoned.json.error.code]).toEqual([424, 'Poisoned']);
  });

  it('answers 409 for a canceled check, and 403 for one that policy refused later', async () => {
    const app = memoryApp();
    const place = placeIn(await post(app));
    await app.ask(`DELETE /api/checks/${app.store.rows()[0]!.id}`);
    const canceled = await poll(app, place);
    expect([canceled.status, canceled.json.error.code]).toEqual([409, 'CheckCanceled']);

    const hop = JSON.stringify({ ...JSON.parse(body), hops: [{ type: 'x', id: '1', address: '10.99.0.1' }] });
    const noPci = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'], reason: 'PCI.' },
    ]);
    const refused = await ended({ begin: [{ ...done, body: hop }] }, { policy: noPci });
    expect([refused.status, refused.json.error.code]).toEqual([403, 'PolicyRefused']);
  });
});

describe('Retry-After with an error', () => {
  const asks = async (limits: object, times: number) => {
    const app = memoryApp({}, { policy: policyOf([{ id: 'all', effect: 'allow' }], limits) });
    for (let port = 1; port <= times; port += 1)
      await post(app, { body: { ...armBody, destination: { address: 'db', port } } });
    return post(app, { body: { ...armBody, destination: { address: 'db', port: 9999 } } });
  };

  it('is there with 429 where it is a minute at most, and is left out where it is more', async () => {
    const minute = await asks({ requestsPerMinute: 2 }, 2);
    expect([minute.status, Number(minute.headers.get('retry-after')) > 0]).toEqual([429, true]);
    const hour = await asks({ portsPerHour: 2 }, 2);
    expect([hour.status, hour.headers.get('retry-after')]).toEqual([429, null]);
  });

  it('is there with 503 while the proxy is paused', async () => {
    const { status, headers, json } = await post(memoryApp({}, { pause: {} }));
    expect([status, headers.get('retry-after'), json.error.code]).toEqual([503, '60', 'Paused']);
  });
});

describe('Prefer: wait', () => {
  it('answers 200 with the result where the check ended in time, without a Location', async () => {
    const app = memoryApp({}, {}, workOnSleep);
    const answer = await post(app, { headers: { prefer: 'wait=30' } });
    expect([answer.status, answer.text, answer.headers.get('location')]).toEqual([200, body, null]);
    expect(answer.headers.get('preference-applied')).toBe('wait=30');
  });

  it('answers 202 where it did not', async () => {
    const app = memoryApp({ begin: [accepted], poll: [accepted] });
    const answer = await post(app, { headers: { prefer: 'wait=5' } });
    expect([answer.status, answer.text]).toEqual([202, 'null']);
    placeIn(answer);
  });

  it('answers what the poll would where the check failed', async () => {
    const answer = { status: 404, body: '{"error":{"code":"ResourceNotFound","message":"m"}}' };
    const script = { begin: [failed({ code: 'AzureRefused', message: 'm', answer })] };
    const waited = await post(memoryApp(script, {}, workOnSleep), { headers: { prefer: 'wait=30' } });
    expect([waited.status, waited.text]).toEqual([404, answer.body]);
    const ill = { begin: [failed({ code: 'AzureFailed', message: 'm' })] };
    const over = await post(memoryApp(ill, {}, workOnSleep), { headers: { prefer: 'wait=30' } });
    expect([over.status, over.json.error.code]).toEqual([424, 'AzureFailed']);
  });

  it('answers 202 for an accepted check whose end cannot be read', async () => {
    const app = memoryApp({}, {}, (proxy) => ({
      sleep: () => Promise.reject(new Error('no timer')),
      store: proxy.store,
    }));
    expect((await post(app, { headers: { prefer: 'wait=30' } })).status).toBe(202);
    expect(app.store.rows()).toHaveLength(1);
  });
});

describe('a POST that is sent again', () => {
  const id = { 'x-ms-client-request-id': 'a4b3' };

  it('is the same check within two minutes, whenever these begin, and is limited and audited once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(240), fc.integer({ min: 0, max: 119 }), async (start, pause) => {
        const app = memoryApp({}, { policy: policyOf([{ id: 'all', effect: 'allow' }], { requestsPerMinute: 5 }) });
        app.advance(start);
        const first = placeIn(await post(app, { headers: id }));
        app.advance(pause);
        expect(placeIn(await post(app, { headers: id }))).toBe(first);
        expect(app.store.rows()).toHaveLength(1);
        expect(app.actions()).toEqual(['requested']);
      }),
      { numRuns: 50 },
    );
  });

  it('is another check after two minutes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(240), fc.integer({ min: 120, max: 1000 }), async (start, pause) => {
        const app = memoryApp();
        app.advance(start);
        const first = placeIn(await post(app, { headers: id }));
        app.advance(pause);
        expect(placeIn(await post(app, { headers: id }))).not.toBe(first);
        expect(placeIn(await post(app, { headers: id }))).not.toBe(first);
        expect(app.store.rows()).toHaveLength(2);
      }),
      { numRuns: 50 },
    );
  });

  it('is one check for ten at once', async () => {
    const app = memoryApp();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(app, { headers: id })));
    expect(new Set(answers.map(placeIn)).size).toBe(1);
    expect(app.store.rows()).toHaveLength(1);
    expect(app.actions()).toEqual(['requested']);
  });

  it('is found where the clock of another instance is behind', async () => {
    const app = memoryApp();
    app.advance(121);
    const first = placeIn(await post(app, { headers: id }));
    app.advance(-2);
    expect(placeIn(await post(app, { headers: id }))).toBe(first);
  });

  it.each([
    ['another body', { body: { ...armBody, destination: { address: '10.1.2.4', port: 443 } } }, url],
    ['another reason', { body: { ...armBody, reason: 'INC-1' } }, url],
    ['another path', {}, url.replace('eyes-west', 'eyes-north')],
    ['another id', { headers: { 'x-ms-client-request-id': 'other' } }, url],
    ['no id', { headers: {} }, url],
    ['another requester', { user: 'bob' }, url],
  ] as const)('is another check with %s, never 422', async (_, asking, to) => {
    const app = memoryApp();
    const first = placeIn(await post(app, { headers: id }));
    const other = await post(app, { headers: id, ...asking }, to);
    expect(other.status).toBe(202);
    expect(placeIn(other)).not.toBe(first);
    expect(app.store.rows()).toHaveLength(2);
  });

  it('never meets what a caller gives as Idempotency-Key, at this door or another', async () => {
    const app = memoryApp();
    const first = placeIn(await post(app, { headers: id }));
    const keys = ['a4b3', JSON.stringify(['a4b3']), JSON.stringify([0, 'a4b3'])];
    for (const key of keys) {
      expect(placeIn(await post(app, { headers: { 'idempotency-key': key } }))).not.toBe(first);
      expect((await app.submit({ headers: { 'idempotency-key': key } })).status).toBe(202);
    }
    expect(new Set(app.store.rows().map((row) => row.id)).size).toBe(7);
  });

  it('is by its Idempotency-Key what it is at the other doors', async () => {
    const app = memoryApp();
    const headers = { ...id, 'idempotency-key': 'mine' };
    const first = placeIn(await post(app, { headers }));
    app.advance(3600);
    expect(placeIn(await post(app, { headers: { 'idempotency-key': 'mine' } }))).toBe(first);
    const other = await post(app, { headers, body: { ...armBody, reason: 'INC-1' } });
    expect([other.status, other.json.error.code]).toEqual([422, 'IdempotencyKeyReused']);
  });

  it('keeps nothing of the body for it but what the app’s secret has hashed', async () => {
    const kept = async (secret: string) => {
      const app = memoryApp({}, { policy: allowAll, idSecret: () => Promise.resolve(secret) });
      await post(app, { headers: id });
      const [row] = app.store.rows();
      return { id: row!.id, fingerprint: row!.fingerprint };
    };
    const [one, other] = [await kept('one secret'), await kept('another secret')];
    expect(one.id).not.toBe(other.id);
    expect(one.fingerprint).not.toBe(other.fingerprint);
    expect(one.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});
