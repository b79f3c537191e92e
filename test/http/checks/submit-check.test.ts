import { describe, expect, it } from 'vitest';
import { checkViewSchema } from '../../../src/contract/check.ts';
import { Problem } from '../../../src/contract/problem.ts';
import { accepted, body as armBody, done, policyOf } from '../../support/memory/memory-proxy.ts';
import { sampleCaller, sampleTime, watcherId, webVm } from '../../support/samples.ts';
import { memoryApp, publicUrl, sampleBody, workOnSleep } from '../memory-app.ts';

const withHeaders = {
  ...sampleBody,
  protocol: 'Http',
  protocolConfiguration: { HTTPConfiguration: { headers: [{ name: 'X-Probe', value: 'a canary' }] } },
};

describe('POST /api/checks', () => {
  it('answers 202 with the check, and links that start with PUBLIC_URL, never with the Host header', async () => {
    const app = memoryApp();
    const { status, headers, json } = await app.submit({
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    });
    const { id } = checkViewSchema.parse(json);
    expect(status).toBe(202);
    expect(json).toEqual({
      id,
      status: 'NotStarted',
      requester: sampleCaller().requester,
      request: { source: { resourceId: webVm }, destination: { address: '10.1.2.4', port: 1433 }, protocol: 'Tcp' },
      reason: 'INC-1042',
      createdAt: sampleTime,
      verdict: {
        summary:
          'The check whether web-01 can reach 10.1.2.4 on TCP port 1433 was accepted at 10:00:00 UTC on 2026-03-01 and waits for Azure to take it.',
        reasons: [],
      },
    });
    expect(headers.get('operation-location')).toBe(`${publicUrl}/api/checks/${id}`);
    expect(headers.get('location')).toBe(`${publicUrl}/api/checks/${id}/result`);
    expect(headers.get('retry-after')).toBe('1');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('preference-applied')).toBeNull();
    expect(app.queue.sent).toEqual([{ checkId: id, delaySeconds: 0 }]);
  });

  it('answers 200 with the result where `Prefer: wait` sees its end', async () => {
    const app = memoryApp({ begin: [done] }, {}, workOnSleep);
    const { status, headers, json } = await app.submit({ headers: { prefer: 'respond-async, wait=5' } });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'Succeeded',
      result: JSON.parse(armBody),
      verdict: { reachability: 'Reachable' },
    });
    expect(headers.get('preference-applied')).toBe('wait=5');
    expect(headers.get('retry-after')).toBeNull();
    expect(headers.get('location')).toBe(`${publicUrl}/api/checks/${json.id}/result`);
  });

  it('answers 202 after `Prefer: wait` where the check still runs, and not a moment later than asked', async () => {
    const app = memoryApp();
    const { status, json, headers } = await app.submit({ headers: { prefer: 'wait=7' } });
    expect([status, json.status, headers.get('preference-applied')]).toEqual([202, 'NotStarted', 'wait=7']);
    expect(app.now().getTime() - Date.parse(sampleTime)).toBe(7000);
  });

  it('shows no value of a probe header, to nobody', async () => {
    const app = memoryApp({ begin: [accepted] });
    const { text, status } = await app.submit({ body: withHeaders });
    const dry = await app.ask('POST /api/checks?dryRun=true', { body: withHeaders });
    expect([status, dry.status]).toEqual([202, 200]);
    expect(text + dry.text).not.toContain('canary');
    expect((JSON.parse(text) as { request: { protocolConfiguration: object } }).request.protocolConfiguration).toEqual({
      HTTPConfiguration: { headers: [{ name: 'X-Probe', value: '' }] },
    });
  });

  it('needs the role Check.Request', async () => {
    const app = memoryApp();
    for (const roles of [[], ['Audit.Read', 'Check.Admin']]) {
      const { status, headers, json } = await app.submit({ roles });
      expect([status, headers.get('x-ms-error-code'), json.error.code]).toEqual([403, 'MissingRole', 'MissingRole']);
    }
    expect(app.store.rows()).toEqual([]);
    expect(app.actions()).toEqual([]);
  });

  it('answers 403 with the rule’s reason where policy refuses, and audits it', async () => {
    const rules = [
      { id: 'all', effect: 'allow' },
      { id: 'no-db', effect: 'deny', destinations: ['10.1.2.0/24'], reason: 'ask the database team.' },
    ];
    const app = memoryApp({}, { policy: policyOf(rules) });
    const { status, json, headers } = await app.submit();
    expect([status, headers.get('x-ms-error-code'), json.error.code]).toEqual([403, 'PolicyRefused', 'PolicyRefused']);
    expect(json.error.message).toContain('ask the database team.');
    expect(app.actions()).toEqual(['refused']);
    expect(app.queue.sent).toEqual([]);
  });

  it('answers 503 with Retry-After while paused', async () => {
    const app = memoryApp({}, { pause: {} });
    const { status, json, headers } = await app.submit();
    expect([status, json.error.code, headers.get('retry-after')]).toEqual([503, 'Paused', '60']);
    expect(json.error.message).toBe('The proxy is paused by its operators: nothing is accepted now. Ask again later.');
    expect(app.actions()).toEqual([]);
  });

  it('says while paused why, and whom to ask', async () => {
    const app = memoryApp({}, { pause: { reason: 'A firewall is replaced until 14:00.', contact: '#netcheck' } });
    expect((await app.submit()).json.error.message).toBe(
      'The proxy is paused by its operators (A firewall is replaced until 14:00; contact: #netcheck): nothing is accepted now. Ask again later.',
    );
  });

  it.each([
    [
      'AuditUnavailable',
      (problem: Problem) => ({
        audit: { ...memoryApp().audit, record: () => Promise.reject(problem), append: () => Promise.reject(problem) },
      }),
    ],
    [
      'StorageUnavailable',
      (problem: Problem) => ({ store: { ...memoryApp().store, insert: () => Promise.reject(problem) } }),
    ],
  ] as const)(
    'answers 503 with Retry-After for %s, queues nothing, and tells the log alone why',
    async (code, instead) => {
      const problem = new Problem(code, 'Not now.', { retryAfterSeconds: 4.2, cause: new Error('503 of a table') });
      const app = memoryApp({}, {}, () => instead(problem));
      const { status, json, headers, text } = await app.submit();
      const requestId = headers.get('x-ms-request-id');
      const error = { code, message: 'Not now.', requestId };
      expect([status, json, headers.get('retry-after')]).toEqual([503, { error }, '5']);
      expect(text).not.toContain('table');
      expect(app.queue.sent).toEqual([]);
      const logged = app.log.map((line) => JSON.parse(line.text) as object);
      expect(logged).toEqual([{ message: 'Not now.', requestId, code, cause: 'Error: 503 of a table' }]);
    },
  );

  it('answers 202 with the check where storage fails while its end is awaited', async () => {
    const find = () => Promise.reject(new Problem('StorageUnavailable', 'down'));
    const app = memoryApp({}, {}, (proxy) => ({ store: { ...proxy.store, find } }));
    const { status, json } = await app.submit({ headers: { prefer: 'wait=5' } });
    expect([status, json.status, app.store.rows().map(({ id }) => id)]).toEqual([202, 'NotStarted', [json.id]]);
  });

  it('accepts what cannot be queued, and says so in the log', async () => {
    const queue = { send: () => Promise.reject(new Problem('StorageUnavailable', 'down')) };
    const app = memoryApp({}, {}, () => ({ queue }));
    const { status, json } = await app.submit();
    expect([status, app.store.rows().length]).toEqual([202, 1]);
    expect(app.log).toEqual([{ level: 'warning', text: expect.stringContaining(json.id) }]);
  });

  it('answers 429 with Retry-After and RateLimit headers where a limit would be broken', async () => {
    const policy = policyOf([{ id: 'all', effect: 'allow' }], { requestsPerMinute: 1 });
    const app = memoryApp({}, { policy });
    const first = await app.submit();
    expect([first.status, first.headers.get('ratelimit')]).toEqual([202, '"requests";r=0;t=60']);
    const { status, headers, json } = await app.submit();
    expect([status, json.error.code, headers.get('retry-after')]).toEqual([429, 'TooManyRequests', '60']);
    expect(headers.get('ratelimit-policy')).toBe('"requests";q=1;w=60');
    expect(headers.get('ratelimit')).toBe('"requests";r=0;t=60');
    expect(app.store.rows()).toHaveLength(1);
  });
});

describe('the body', () => {
  it('is refused with every fault at once, each with its place', async () => {
    const { status, json, headers } = await memoryApp().submit({
      body: { source: {}, destination: { address: 'a b', port: -1 }, colour: 'red' },
    });
    expect([status, headers.get('x-ms-error-code'), json.error.code]).toEqual([
      400,
      'InvalidRequest',
      'InvalidRequest',
    ]);
    const { details } = json.error;
    expect(details.map(({ code, target }) => `${code} ${target}`).toSorted()).toEqual([
      'InvalidValue destination.address',
      'InvalidValue destination.port',
      'InvalidValue source',
      'UnknownMember colour',
    ]);
    expect(json.error.message).toBe('The request has 4 faults; details names each and what to do.');
    expect(details.every(({ message }) => /^[A-Z].*[.:]/.test(message))).toBe(true);
  });

  it.each([
    [
      'of 64 KiB and a byte',
      JSON.stringify({ ...sampleBody, reason: 'r'.repeat(65_537) }).slice(0, 65_537),
      413,
      'PayloadTooLarge',
    ],
    ['of a megabyte', 'x'.repeat(1_000_000), 413, 'PayloadTooLarge'],
    ['that is cut short', '{"source":', 400, 'InvalidRequest'],
    ['that is empty', '', 400, 'InvalidRequest'],
    ['that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'InvalidRequest'],
    ['that is JSON but no object', '[]', 400, 'InvalidRequest'],
  ])('%s is refused with %i', async (_what, body, expected, code) => {
    const app = memoryApp();
    const { status, json } = await app.submit({ body, headers: { 'content-type': 'application/json' } });
    expect([status, json.error.code]).toEqual([expected, code]);
    expect(app.actions()).toEqual([]);
  });

  it('that the host dropped, because its length was not announced, is told so', async () => {
    const app = memoryApp();
    const { json } = await app.submit({ body: '' });
    expect(json.error.message).toBe('The body did not arrive: send it with Content-Length, not chunked.');
    const empty = await app.submit({ body: '', headers: { 'content-length': '0' } });
    expect(empty.json.error.message).toBe('The body is empty: send the request as JSON.');
  });

  it('may be 64 KiB', async () => {
    const padded = JSON.stringify(sampleBody).padEnd(64 * 1024, ' ');
    expect((await memoryApp().submit({ body: padded })).status).toBe(202);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json-seq',
    'application/merge-patch+json',
    '',
  ])('of the type %j is refused with 415', async (type) => {
    const { status, json } = await memoryApp().submit({ headers: { 'content-type': type } });
    expect([status, json.error.code]).toEqual([415, 'UnsupportedMediaType']);
  });

  it.each(['application/json', 'Application/JSON; charset=utf-8'])('of the type %j is read', async (type) => {
    expect((await memoryApp().submit({ headers: { 'content-type': type } })).status).toBe(202);
  });
});

describe('the same request in another spelling', () => {
  const vm = `https://management.azure.com${webVm}/`;
  const respelled = {
    Source: { ResourceID: vm, endpoint: null },
    destination: { address: '10.1.2.4', port: '1433' },
    protocol: 'TCP',
    preferredIPVersion: null,
    reason: 'INC-1042',
  };

  it('is the same check to an idempotency key, to the row and to the audit', async () => {
    const app = memoryApp();
    const headers = { 'idempotency-key': 'one' };
    const plain = await app.submit({ headers });
    const other = await app.submit({ headers, body: respelled });
    expect([plain.status, other.status, other.json]).toEqual([202, 202, plain.json]);
    const [first] = app.store.rows();
    await app.submit({ body: respelled });
    const [one, two] = app.audit.events().map(({ target }) => target);
    expect([app.store.rows().map(({ request }) => request), two]).toEqual([[first?.request, first?.request], one]);
  });

  it('is decided as the plain one', async () => {
    const policy = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'no', effect: 'deny', sources: [webVm], destinations: ['10.1.2.4'], ports: [1433], protocols: ['Tcp'] },
    ]);
    const { status, json } = await memoryApp({}, { policy }).submit({ body: respelled });
    expect([status, json.error.code]).toEqual([403, 'PolicyRefused']);
  });

  it('of a ping goes to Azure without the port that a tool forces on its users', async () => {
    const app = memoryApp();
    const ping = { ...sampleBody, protocol: 'icmp', source: { resourceId: webVm, port: 0 } };
    await app.submit({ body: ping });
    const request = { source: { resourceId: webVm }, destination: { address: '10.1.2.4' }, protocol: 'Icmp' };
    expect(app.store.rows().map((row) => row.request)).toEqual([request]);
    expect(app.audit.events().map(({ target }) => 'port' in target && target.port !== undefined)).toEqual([false]);
  });
});

describe('the query', () => {
  it.each([
    ['POST /api/checks?dryrun=true', 'dryrun', 'This parameter is unknown: did you mean "dryRun"?'],
    ['POST /api/checks?x=1', 'x', 'This parameter is unknown: known are dryRun.'],
    ['GET /api/me?x=1', 'x', 'This call has no parameters: leave it out.'],
    ['POST /api/checks?dryRun=yes', 'dryRun', 'Give true or false, once.'],
  ])('of %s is told what is wrong', async (call, target, message) => {
    const { status, json } = await memoryApp().ask(call, call.startsWith('POST') ? { body: sampleBody } : {});
    expect([status, json.error.details.map((each) => [each.target, each.message])]).toEqual([400, [[target, message]]]);
  });
});

describe('a dry run', () => {
  it('tells the decision and the request as it would go to Azure, and keeps nothing', async () => {
    const app = memoryApp();
    const body = { ...sampleBody, destination: { address: '::ffff:10.1.2.4', port: 1433 }, networkWatcher: watcherId };
    const { status, json } = await app.ask('POST /api/checks?dryRun=true', { body });
    expect([status, json]).toEqual([
      200,
      {
        decision: {
          allowed: true,
          rule: 'all',
          reason: 'Rule "all" allows it.',
          policy: app.deps.policy.hash,
          roles: ['Check.Request'],
        },
        networkWatcher: watcherId,
        request: { source: { resourceId: webVm }, destination: { address: '10.1.2.4', port: 1433 }, protocol: 'Tcp' },
        source: { state: 'unknown', agent: 'unknown', watcher: 'unknown' },
      },
    ]);
    expect([app.actions(), app.store.rows(), app.queue.sent]).toEqual([[], [], []]);
  });

  it('answers 200 also where policy refuses, and 400 where the request is none', async () => {
    const app = memoryApp({}, { policy: policyOf([]) });
    const refused = await app.ask('POST /api/checks?dryRun=true', { body: sampleBody });
    expect([refused.status, refused.json.decision.allowed]).toEqual([200, false]);
    expect((await app.ask('POST /api/checks?dryRun=true', { body: {} })).status).toBe(400);
    expect(app.actions()).toEqual([]);
  });

  it('is none with dryRun=false, and unusable with anything else', async () => {
    const app = memoryApp();
    expect((await app.ask('POST /api/checks?dryRun=false', { body: sampleBody })).status).toBe(202);
    for (const query of ['dryRun=1', 'dryRun=', 'dryRun=true,true', 'dryrun=true', 'dryRun=true&x=y']) {
      const { status, json } = await app.ask(`POST /api/checks?${query}`, { body: sampleBody });
      expect([status, json.error.code, json.error.details.length]).toEqual([400, 'InvalidRequest', 1]);
    }
    expect(app.store.rows()).toHaveLength(1);
  });
});

describe('an idempotency key', () => {
  it.each([
    [{ 'idempotency-key': 'k-1' }, { 'Repeatability-Request-ID': 'k-1' }],
    [{ 'repeatability-request-id': 'k-1' }, { 'Idempotency-Key': 'k-1', 'Repeatability-Request-ID': 'k-1' }],
  ])('answers the same check again, under either name: %j, %j', async (one, other) => {
    const app = memoryApp();
    const [first, second] = [await app.submit({ headers: one }), await app.submit({ headers: other })];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.json).toEqual(first.json);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(app.actions()).toEqual(['requested']);
  });

  it('does not stand for another request', async () => {
    const app = memoryApp();
    await app.submit({ headers: { 'idempotency-key': 'k' } });
    const { status, json } = await app.submit({
      headers: { 'idempotency-key': 'k' },
      body: { ...sampleBody, reason: 'x' },
    });
    expect([status, json.error.code, json.error.target]).toEqual([422, 'IdempotencyKeyReused', 'Idempotency-Key']);
  });

  it.each([
    ['differing names', { 'idempotency-key': 'a', 'repeatability-request-id': 'b' }],
    ['an empty one', { 'idempotency-key': '' }],
    ['256 characters', { 'idempotency-key': 'k'.repeat(256) }],
    ['a sign beyond ASCII', { 'idempotency-key': 'ä' }],
  ])('is refused with %s', async (_what, headers) => {
    const app = memoryApp();
    const { status, json } = await app.submit({ headers });
    expect([status, json.error.code, json.error.target]).toEqual([400, 'InvalidRequest', 'Idempotency-Key']);
    expect(app.store.rows()).toEqual([]);
  });
});
