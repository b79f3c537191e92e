import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it, test } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { shortOf, spellingOf, uriOf, dotted, embeddings, type Octets } from '../address/spellings.ts';
import { allowAll, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';
import { numRuns } from '../support/run/num-runs.ts';

let proxy: Proxy;
beforeAll(async () => {
  proxy = await startProxy([allowAll]);
});
afterAll(() => proxy.stop());

const to = (address: string, more: object = {}): object => ({
  ...goodCheck,
  destination: { address, port: 443 },
  ...more,
});
const withHeader = (name: string, value: string): object => ({
  source: goodCheck.source,
  destination: { address: 'https://shop.example.com/' },
  protocol: 'Https',
  protocolConfiguration: { HTTPConfiguration: { headers: [{ name, value }] } },
});
const nothingStarted = async (): Promise<void> => {
  expect((await proxy.stored()).filter(({ place }) => /check!|open!|^queue/.test(place))).toEqual([]);
  expect(proxy.azure.arm.requests).toEqual([]);
};

describe('although the policy allows everything, nobody can aim a probe', () => {
  const imds: Octets = [169, 254, 169, 254];
  const loopback: Octets = [127, 0, 0, 1];
  const platform: Octets = [168, 63, 129, 16];
  const unspecified: Octets = [0, 0, 0, 0];
  const multicast: Octets = [224, 0, 0, 1];

  test.each([
    ...['169.254.169.254', '169.254.169.254.', '１６９.254.169.254', '169。254。169。254', '①⑥⑨.254.169.254'],
    ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '[::ffff:a9fe:a9fe]', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1'],
    ...['fe80::1', 'fe80::1%eth0', 'metadata', 'METADATA.azure.internal', 'metadata.google.internal.'],
    ...['127.0.0.1', '::1', '::ffff:127.0.0.1', '::', '0.0.0.0'],
    ...['localhost', 'LOCALHOST.', 'a.localhost', 'ip6-loopback', 'ⓛocalhost', '168.63.129.16', 'ff02::1'],
    ...['255.255.255.255', '224.0.0.1', 'fe80--1.ipv6-literal.net'],
  ])('at %s', async (address) => {
    const answer = await proxy.submit(to(address));
    expect([answer.status, answer.headers.get('x-ms-error-code')]).toEqual([403, 'PolicyRefused']);
    const uri = address.includes(':') ? `[${address.replace(/[[\]]|%.*/g, '')}]` : address;
    const asUri = { ...to(`http://${uri}/`), destination: { address: `http://${uri}/` }, protocol: 'Http' };
    expect((await proxy.submit(asUri)).status).toBe(403);
  });

  test.each([
    ...['0xa9fea9fe', '2852039166', '169.254.43518', '169.16689662', '0xA9.0xFE.0xA9.0xFE', '169.254.0xA9FE'],
    ...['0x7f.1', '127.1', '2130706433', '0x7F000001', '１２７.1', '0', '0.0', '0xa83f8110', '168.4161808', '0xe0.1'],
  ])('at %s, of which the reading is told', async (address) => {
    const message = expect.stringMatching(/^Some tools read \S+ as \d+(?:\.\d+){3}: write all four numbers/) as string;
    const fault = { code: 'InvalidValue', target: 'destination.address', message };
    const uris = [`http://${address}/`, `https://user@${address}:8443/a`].map((uri) => ({
      source: goodCheck.source,
      destination: { address: uri },
    }));
    for (const body of [to(address), ...uris])
      expect(await proxy.submit(body)).toMatchObject({ status: 400, json: { error: { details: [fault] } } });
  });

  test.each([
    ...['169.254.169.254\r\nHost: x', '169.254.169.254 ', '169.254.169.254\u0000', '169.254.169.254#@example.com'],
    ...['http://example.com@169.254.169.254/', 'http://a:b@example.com/', 'http://169.254.169.254\\@example.com/'],
    ...[
      'ftp://example.com/',
      'file:///etc/passwd',
      'gopher://169.254.169.254/',
      'javascript:alert(1)',
      '//example.com',
    ],
    ...['http:example.com', 'http:///example.com', '256.256.256.256', '1.2.3.4.5', '0x7g.1', '127.0.0.1:80'],
    ...['0251.0376.0251.0376', '017700000001', 'http://0251.0376.0251.0376/', '①⑥⑨.254.0169.254'],
    ...[
      'fe80::1%25eth0;rm',
      'exam\u00adple.com',
      'a'.repeat(254),
      `http://example.com/${'a'.repeat(3000)}`,
      '',
      '.',
      '*',
    ],
    ...[
      '/subscriptions/x',
      '../../x',
      'example.com/path',
      'example.com?x',
      'a b',
      '%31%36%39.254.169.254',
      'ex\tample.com',
    ],
  ])('at %j', async (address) => {
    expect([400, 403]).toContain((await proxy.submit(to(address))).status);
  });

  it('at these addresses in any spelling, embedded in IPv6 or in a URI', async () => {
    const target = fc.constantFrom(imds, loopback, platform, unspecified, multicast);
    const spelling = target.chain((ip) =>
      fc.oneof(
        spellingOf(ip),
        fc.constantFrom(...embeddings.map(({ of }) => of(ip))),
        fc.constant(dotted(ip)).chain(uriOf),
        spellingOf(ip).chain(uriOf),
        shortOf(ip),
        shortOf(ip).chain(uriOf),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(spelling, { minLength: 10, maxLength: 10 }), async (addresses) => {
        const bodies = addresses.map((address) =>
          /^https?:/i.test(address)
            ? { source: goodCheck.source, destination: { address } }
            : to(address, { protocol: undefined }),
        );
        const answers = await Promise.all(bodies.map((body) => proxy.submit(body)));
        for (const { status } of answers) expect([400, 403]).toContain(status);
      }),
      { numRuns: numRuns(60) },
    );
  });

  it('from or to what only looks like a resource id', async () => {
    const id = resources.web1.id;
    const crooked = [
      `${id}/../../../x`,
      `${id}/extensions/x`,
      `${id}?api-version=1`,
      `${id}#`,
      `${id}%2f..`,
      id.replace('rg-shop', '..'),
      id.replace('/subscriptions', 'https://example.com/subscriptions'),
      id.replace('virtualMachines', 'virtualMachines/x/extensions'),
      id.replace('Microsoft.Compute', 'Microsoft.Storage'),
    ];
    for (const resourceId of crooked) {
      expect((await proxy.submit({ ...goodCheck, source: { resourceId } })).status).toBe(400);
      expect((await proxy.submit({ ...goodCheck, networkWatcher: resourceId })).status).toBe(400);
    }
  });

  it('and nothing was started by any of it', nothingStarted);
});

describe('a probe carries no header that would give it power:', () => {
  test.each([
    ...['Authorization', 'authorization', 'Proxy-Authorization', 'X-Auth-Token', 'Cookie', 'Cookie2', 'X-Api-Key'],
    ...['x-functions-key', 'Ocp-Apim-Subscription-Key', 'X-IDENTITY-HEADER', 'Metadata', 'Metadata-Flavor', 'Host'],
    ...['Transfer-Encoding', 'Content-Length', 'Connection', 'Upgrade', 'Expect', 'TE', 'X-MS-CLIENT-PRINCIPAL'],
    ...['X-aws-ec2-metadata-token', 'X-Session-Id', 'x-amz-security-token', 'Secret', 'apikey'],
    ...['Proxy', 'Remote-User', 'X-ARR-ClientCert', 'X-Azure-FDID', 'True-Client-IP', 'DD-APPLICATION-KEY', 'X-Host'],
    ...['x-ms-encryption-key', 'SSL_CLIENT_S_DN', 'X-Method-Override', 'X-Envoy-Internal', 'Impersonate-User', 'X-SAS'],
    ...['X-A\r\nMetadata', 'X-A: b', 'X A', '', 'X-\u00c4', 'X-A\u0000', 'Metadata '],
  ])('%j is refused', async (name) => {
    const answer = await proxy.submit(withHeader(name, 'true'));
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: { details: [{ target: 'protocolConfiguration.HTTPConfiguration.headers.0.name' }] },
    });
  });

  // The last ones end in CR and LF where only the low byte of a character is sent.
  test.each([
    'a\r\nMetadata: true',
    'a\nb',
    'a\rb',
    '\u0000',
    'a\u007f',
    '\u0085',
    '\u2028x',
    '\u010d\u010aMetadata: true',
  ])('the value %j is refused', async (value) => {
    const answer = await proxy.submit(withHeader('X-Probe', value));
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: { details: [{ target: 'protocolConfiguration.HTTPConfiguration.headers.0.value' }] },
    });
  });

  it('and nothing was started by any of it', nothingStarted);
});

/** Linux tells it in kB. */
const residentBytes = (pid: number): number =>
  1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

describe('a body', () => {
  const padded = (bytes: number): string => JSON.stringify({ ...goodCheck, reason: '' }).padEnd(bytes);

  it('of 1 MB never reaches the app: 413 where its length is told, no body where it is not', async () => {
    const body = padded(1_000_000);
    const told = await proxy.submit(body);
    expect([told.status, told.text]).toEqual([413, '']);
    const untold = await fetch(`${proxy.app().url}/api/checks`, {
      method: 'POST',
      duplex: 'half',
      headers: { authorization: `Bearer ${await proxy.azure.token('alice')}`, 'content-type': 'application/json' },
      body: new Blob([body]).stream(),
    });
    expect([untold.status, await untold.text()]).toEqual([
      400,
      expect.stringContaining('The body did not arrive: send it with Content-Length, not chunked.'),
    ]);
  });

  it('of 20 MB from nobody costs no memory: eight at once grow the app by less than 60 MB', async () => {
    const { pid } = proxy.app();
    const before = residentBytes(pid);
    const body = new Uint8Array(20_000_000);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => fetch(`${proxy.app().url}/api/checks`, { method: 'POST', body })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 413));
    expect(residentBytes(pid) - before).toBeLessThan(60_000_000);
  });

  it('of 64 KiB is read, and one byte more is not', async () => {
    expect((await proxy.ask('/api/checks?dryRun=true', { method: 'POST', body: padded(65_536) })).status).toBe(200);
    expect((await proxy.ask('/api/checks?dryRun=true', { method: 'POST', body: padded(65_537) })).status).toBe(413);
  });

  it('with members of an object’s own, twice the same member, or too deep is refused or harmless', async () => {
    for (const member of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      const text = JSON.stringify(goodCheck).replace('{', `{"${member}":{"allowed":true,"dryRun":true},`);
      expect([member, (await proxy.submit(text)).status]).toEqual([member, 400]);
    }
    const deep = `{"source":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    expect((await proxy.submit(deep)).status).toBe(400);
    const twice = JSON.stringify(goodCheck).replace('{', '{"destination":{"address":"169.254.169.254","port":80},');
    const dry = await proxy.ask('/api/checks?dryRun=true', { method: 'POST', body: twice });
    // The last one counts, for the policy as for Azure: they are given the same, parsed request.
    expect(dry.json).toMatchObject({ decision: { allowed: true }, request: { destination: goodCheck.destination } });
  });

  it('with thousands of faults costs little', async () => {
    const http = { HTTPConfiguration: { validStatusCodes: Array.from({ length: 15_000 }, () => 0) } };
    const unknown = Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`m${n}`, 0]));
    for (const body of [{ protocol: 'Http', protocolConfiguration: http }, unknown]) {
      const before = performance.now();
      const answer = await proxy.submit({ ...goodCheck, ...body });
      expect(answer.status).toBe(400);
      expect(performance.now() - before).toBeLessThan(2000);
      expect(answer.text.length).toBeLessThan(1_000_000);
    }
  });
});

describe('another’s check', () => {
  let id: string;
  const unknown = '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
  beforeAll(async () => {
    id = idOf(await proxy.submit(goodCheck));
    await proxy.ended(id);
  });

  test.each([
    ['GET', ''],
    ['GET', '/result'],
    ['DELETE', ''],
  ])('is to %s %s as if it were not there', async (method, rest) => {
    const asked = await Promise.all(
      [id, id.toUpperCase(), unknown, '1', `${id}'%20or%20'1'%20eq%20'1`, `${id}%00`, '%2e%2e%2fme'].map((each) =>
        proxy.ask(`/api/checks/${each}${rest}`, { method, user: 'mallory' }),
      ),
    );
    const seen = asked.map(({ status, text, headers }) => {
      const names = [...headers].filter(([name]) => !['x-ms-request-id', 'date'].includes(name));
      // The id of the request is another each time.
      return [status, text.replace(/"requestId":"[^"]+"/, ''), names];
    });
    expect(seen[0]?.[0]).toBe(404);
    for (const each of seen) expect(each).toEqual(seen[0]);
    expect(proxy.app().log.join()).not.toContain('or%20');
  });

  it('is not met by a guessed idempotency key either', async () => {
    const key = { 'idempotency-key': 'order-1' };
    const mine = idOf(await proxy.submit(goodCheck, { headers: key }));
    const theirs = idOf(await proxy.submit(goodCheck, { headers: key, user: 'mallory' }));
    expect(theirs).not.toBe(mine);
    expect(idOf(await proxy.submit(goodCheck, { headers: key }))).toBe(mine);
  });
});

describe('texts of a caller’s', () => {
  const names = [
    '=cmd()',
    "=cmd|' /C calc'!A0",
    'a\r\nb',
    '<script>"\'&',
    '{"level":"error"}\n{"message":"forged"}',
    '\u202ebob\u0000',
  ];

  // In `npm test` two of them: that line would forge another, that text would show another.
  test.each(inject('tier') === 'fast' ? names.slice(-2) : names)('as the name %j come back unchanged', async (name) => {
    const check = idOf(
      await proxy.submit(
        { ...goodCheck, reason: `for ${JSON.stringify(name).replace('\u202e', '')}` },
        { user: name, claims: { oid: 'odd' } },
      ),
    );
    const view = await proxy.ended(check, { claims: { oid: 'odd' } });
    expect(view.requester.name).toBe(name);
    const event = (await proxy.events()).find(({ action, checkId }) => action === 'requested' && checkId === check);
    expect(event?.requester.name).toBe(name);
  });

  test.each(['\u009b2J', '\u202e', '\u2028', '\u0085', '\u001b[2J'])(
    'as a reason with %j are refused',
    async (text) => {
      const answer = await proxy.submit({ ...goodCheck, reason: `a${text}b` });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ error: { details: [{ target: 'reason' }] } });
    },
  );

  test.each([
    ['\u202ebob\u009b2J', '\\u202ebob\\u009b2J'],
    ['x;=1+1', 'x;\\u003d1+1'],
    ['=cmd()', "'=cmd()"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
    ['=HYPERLINK("https://example.com","a")', `"'=HYPERLINK(""https://example.com"",""a"")"`],
  ])('as the name %j are a formula in no cell of the audit’s CSV and steer no terminal', async (name, cell) => {
    idOf(await proxy.submit(goodCheck, { user: name, claims: { oid: 'formula' } }));
    const headers = { accept: 'text/csv' };
    const query = '/api/audit?requester=formula&action=requested&top=1';
    const answer = await proxy.ask(query, { user: 'carol', roles: ['Audit.Read'], headers });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(answer.text).toContain(`,${cell},`);
    expect(answer.text).not.toMatch(/(?:^|[,;])"?[=+@-]/m);
    expect(answer.text).not.toMatch(/[\u0080-\u009f\u2028\u2029\u202a-\u202e]/);
  });

  it('break no line of the log: each is one JSON object, and none is forged', () => {
    const lines = proxy.app().log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) {
      expect(line).toEqual(expect.objectContaining({ level: expect.any(String), message: expect.any(String) }));
      expect(line['message']).not.toBe('forged');
    }
    expect(proxy.app().log.join()).not.toMatch(/[^\x20-\x7e]/);
  });

  it('in X-Forwarded-For are not taken for the address that a request came from', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.7, 198.51.100.1:80',
      'x-real-ip': '203.0.113.7',
      forwarded: 'for=x',
    };
    const check = idOf(await proxy.submit(goodCheck, { headers }));
    const event = (await proxy.events()).find(({ action, checkId }) => action === 'requested' && checkId === check);
    expect(event?.sourceAddress).toBe('127.0.0.1');
  });

  it('in the Host header lead no link astray', async () => {
    const body = JSON.stringify(goodCheck);
    const token = await proxy.azure.token('alice');
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'content-type': 'application/json' };
    const answer = await new Promise<string>((resolve, reject) => {
      const sent = request(`${proxy.app().url}/api/checks`, {
        method: 'POST',
        headers: { ...headers, authorization: `Bearer ${token}` },
      });
      sent.on('response', (response) => {
        response.resume();
        resolve(JSON.stringify(response.headers));
      });
      sent.on('error', reject).end(body);
    });
    expect(answer).toContain(`"location":"${proxy.app().url}/api/checks/`);
    expect(answer).not.toContain('evil.example');
  });
});
