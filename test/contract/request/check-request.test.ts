import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckRequest, readCheckRequest } from '../../../src/contract/request/check-request.ts';
import { connectivityParametersSchema } from '../../../src/arm/connectivity-parameters.ts';
import type { NamedTarget } from '../../../src/contract/request/named-target.ts';
import { readSide } from '../../../src/contract/request/side.ts';
import type { FindNamedTarget } from '../../../src/contract/request/sides.ts';
import { problemCodes } from '../../../src/contract/problem.ts';
import { numRuns, ofRuns } from '../../support/run/num-runs.ts';

const subscription = '/subscriptions/00000000-0000-4000-8000-00000000000a';
const compute = `${subscription}/resourceGroups/rg-shop/providers/Microsoft.Compute`;
const network = `${subscription}/resourceGroups/rg-shop/providers/Microsoft.Network`;
const web = `${compute}/virtualMachines/web-01`;
const sql = `${compute}/virtualMachines/sql-01`;
const watcher = `${network}/networkWatchers/eyes`;

const endpoints = new Map<string, NamedTarget>([
  ['web', { resourceId: web }],
  ['sql', { resourceId: sql, port: 1433 }],
  ['database', { address: '10.1.2.4' }],
  ['shop', { address: 'https://shop.example.com:8443/health' }],
]);
const findNamedTarget: FindNamedTarget = (name) => {
  const endpoint = endpoints.get(name);
  return endpoint && readSide(endpoint);
};

const minimal = { source: { resourceId: web }, destination: { address: '10.1.2.4', port: 443 } };
const http = (configuration: object, more: object = {}) => ({
  ...minimal,
  protocol: 'Http',
  protocolConfiguration: { HTTPConfiguration: configuration },
  ...more,
});
const withHeader = (name: string, value = 'x') => http({ headers: [{ name, value }] });

function accepted(body: unknown): CheckRequest {
  const read = readCheckRequest(body, findNamedTarget);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return read.value;
}

/** `code target`, or the code alone where the whole body is meant. */
function faults(body: unknown): string[] {
  const read = readCheckRequest(body, findNamedTarget);
  if (read.ok) return [];
  return read.errors.map(({ code, target }) => (target === undefined ? code : `${code} ${target}`)).toSorted();
}

describe('readCheckRequest accepts', () => {
  it('a whole request, and orders its members as they go on the wire', () => {
    const body = {
      preferredIPVersion: 'IPv4',
      protocolConfiguration: {
        HTTPConfiguration: {
          validStatusCodes: [200, 204],
          headers: [{ value: 'a b~c', name: 'X-Probe' }],
          method: 'Get',
        },
      },
      protocol: 'Https',
      destination: { port: 8443, address: 'Shop.Example.com.' },
      source: { port: 0, resourceId: web },
      networkWatcher: watcher,
      reason: 'INC-1042\n\twhy: zoë',
    };
    const { request, networkWatcher, reason } = accepted(body);
    expect(JSON.stringify(request)).toBe(
      JSON.stringify({
        source: { resourceId: web, port: 0 },
        destination: { address: 'shop.example.com', port: 8443 },
        protocol: 'Https',
        protocolConfiguration: {
          HTTPConfiguration: {
            method: 'Get',
            headers: [{ name: 'X-Probe', value: 'a b~c' }],
            validStatusCodes: [200, 204],
          },
        },
        preferredIPVersion: 'IPv4',
      }),
    );
    expect({ networkWatcher, reason }).toEqual({ networkWatcher: watcher, reason: 'INC-1042\n\twhy: zoë' });
  });

  it.each([
    ['a virtual machine', web],
    ['a scale-set instance', `${compute}/virtualMachineScaleSets/api/virtualMachines/0`],
    ['a Bastion host', `${network}/bastionHosts/way-in`],
    ['an application gateway', `${network}/applicationGateways/edge`],
    [
      'a virtual machine in capitals',
      web.replace('Microsoft.Compute/virtualMachines', 'MICROSOFT.COMPUTE/VIRTUALMACHINES'),
    ],
  ])('%s as the source', (_what, resourceId) => {
    expect(accepted({ ...minimal, source: { resourceId } }).request.source).toEqual({ resourceId });
  });

  it.each<[string, object, object]>([
    ['a resource id', { resourceId: sql, port: 22 }, { resourceId: sql, port: 22 }],
    ['an address in another spelling', { address: '::ffff:10.1.2.4', port: 1 }, { address: '10.1.2.4', port: 1 }],
    ['a host name', { address: 'SQL-01.', port: 65_535 }, { address: 'sql-01', port: 65_535 }],
    ['a URI without a port', { address: 'https://Shop.example.com' }, { address: 'https://shop.example.com/' }],
    [
      'a URI with port 0 beside it',
      { address: 'http://a.example/', port: 0 },
      { address: 'http://a.example/', port: 0 },
    ],
    [
      'a URI and its own port',
      { address: 'http://a.example:81/', port: 81 },
      { address: 'http://a.example:81/', port: 81 },
    ],
    ['a named resource', { endpoint: 'sql' }, { resourceId: sql, port: 1433 }],
    ['a named resource and the same port beside it', { endpoint: 'sql', port: 1433 }, { resourceId: sql, port: 1433 }],
    ['a named address and a port', { endpoint: 'database', port: 5432 }, { address: '10.1.2.4', port: 5432 }],
    ['a named URI', { endpoint: 'shop' }, { address: 'https://shop.example.com:8443/health' }],
  ])('%s as the destination', (_what, destination, read) => {
    expect(accepted({ ...minimal, destination }).request.destination).toEqual(read);
  });

  it('a named source, with the port beside it and never the endpoint’s own', () => {
    expect(accepted({ ...minimal, source: { endpoint: 'web', port: 5000 } }).request.source).toEqual({
      resourceId: web,
      port: 5000,
    });
    expect(accepted({ ...minimal, source: { endpoint: 'sql' } }).request.source).toEqual({ resourceId: sql });
  });

  it('Icmp without a port, and every protocol with one', () => {
    const ping = { ...minimal, destination: { address: '10.1.2.4' }, protocol: 'Icmp' };
    expect(accepted(ping).request).toEqual(ping);
    for (const protocol of ['Tcp', 'Http', 'Https', 'Icmp']) expect(faults({ ...minimal, protocol })).toEqual([]);
  });

  it('the limits themselves', () => {
    const headers = Array.from({ length: 32 }, (_, index) => ({ name: `X-${index}`, value: 'v'.repeat(1024) }));
    const validStatusCodes = Array.from({ length: 100 }, (_, index) => (index === 0 ? 599 : 99 + index));
    expect(faults(http({ headers, validStatusCodes }, { reason: 'r'.repeat(500) }))).toEqual([]);
  });
});

describe('readCheckRequest names', () => {
  const missingBoth = ['InvalidValue destination', 'InvalidValue source'];

  it.each<[string, unknown, string[]]>([
    ['a body that is no object', 'x', ['InvalidValue']],
    ['null', null, ['InvalidValue']],
    ['a list', [minimal], ['InvalidValue']],
    ['an empty body', {}, missingBoth],
    ['source and destination of another kind', { source: web, destination: 4 }, missingBoth],

    ['no source', { ...minimal, source: {} }, ['InvalidValue source']],
    ['a source that is no id', { ...minimal, source: { resourceId: 'web-01' } }, ['InvalidValue source.resourceId']],
    [
      'a source of another type',
      { ...minimal, source: { resourceId: `${network}/networkInterfaces/a` } },
      ['InvalidValue source.resourceId'],
    ],
    [
      'a whole scale set as the source',
      { ...minimal, source: { resourceId: `${compute}/virtualMachineScaleSets/api` } },
      ['InvalidValue source.resourceId'],
    ],
    ['a source of both kinds', { ...minimal, source: { resourceId: web, endpoint: 'web' } }, ['InvalidValue source']],
    [
      'a source that is no resource',
      { ...minimal, source: { endpoint: 'database' } },
      ['InvalidValue source.endpoint'],
    ],
    ['an unknown endpoint', { ...minimal, source: { endpoint: 'nobody' } }, ['InvalidValue source.endpoint']],
    [
      'an endpoint that every object has',
      { ...minimal, source: { endpoint: 'constructor' } },
      ['InvalidValue source.endpoint'],
    ],
    ['an endpoint that is no name', { ...minimal, source: { endpoint: 'a b' } }, ['InvalidValue source.endpoint']],

    ['no destination', { ...minimal, destination: { port: 443 } }, ['InvalidValue destination']],
    [
      'a destination of two kinds',
      { ...minimal, destination: { resourceId: sql, address: '10.1.2.4', port: 443 } },
      ['InvalidValue destination'],
    ],
    [
      'the source as its own destination',
      {
        ...minimal,
        destination: { resourceId: web.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'), port: 1 },
      },
      ['InvalidValue destination.resourceId'],
    ],
    [
      'the source as its own destination, by names',
      { ...minimal, source: { endpoint: 'sql' }, destination: { endpoint: 'sql' } },
      ['InvalidValue destination.resourceId'],
    ],
    [
      'an address that is none',
      { ...minimal, destination: { address: '10.0.0.0/8', port: 443 } },
      ['InvalidValue destination.address'],
    ],
    [
      'a URI with a password',
      { ...minimal, destination: { address: 'https://a:b@shop.example.com/' } },
      ['InvalidValue destination.address'],
    ],
    [
      'an unknown destination',
      { ...minimal, destination: { endpoint: 'nobody', port: 1 } },
      ['InvalidValue destination.endpoint'],
    ],

    ['no port', { ...minimal, destination: { address: '10.1.2.4' } }, ['InvalidValue destination.port']],
    ['port 0', { ...minimal, destination: { address: '10.1.2.4', port: 0 } }, ['InvalidValue destination.port']],
    ['no port beside a resource', { ...minimal, destination: { resourceId: sql } }, ['InvalidValue destination.port']],
    [
      'a port beside a name that has another',
      { ...minimal, destination: { endpoint: 'sql', port: 22 } },
      ['InvalidValue destination.port'],
    ],
    [
      'no port beside a name without one',
      { ...minimal, destination: { endpoint: 'database' } },
      ['InvalidValue destination.port'],
    ],
    [
      'port 65536',
      { ...minimal, destination: { address: '10.1.2.4', port: 65_536 } },
      ['InvalidValue destination.port'],
    ],
    ['port -1', { ...minimal, source: { resourceId: web, port: -1 } }, ['InvalidValue source.port']],
    [
      'a port that is no whole number',
      { ...minimal, source: { resourceId: web, port: 1.5 } },
      ['InvalidValue source.port'],
    ],
    ['a port in words', { ...minimal, source: { resourceId: web, port: 'https' } }, ['InvalidValue source.port']],
    ['a padded port', { ...minimal, source: { resourceId: web, port: '0443' } }, ['InvalidValue source.port']],
    [
      'a port that is not the URI’s',
      { ...minimal, destination: { address: 'https://a.example:8443/', port: 443 } },
      ['InvalidValue destination.port'],
    ],
    [
      'a port that is not the named URI’s',
      { ...minimal, destination: { endpoint: 'shop', port: 443 } },
      ['InvalidValue destination.port'],
    ],

    ['an unknown protocol', { ...minimal, protocol: 'Udp' }, ['InvalidValue protocol']],
    [
      'a protocol that is not the URI’s',
      { ...minimal, destination: { address: 'https://a.example/' }, protocol: 'Http' },
      ['InvalidValue protocol'],
    ],
    [
      'Icmp to a URI',
      { ...minimal, destination: { address: 'https://a.example/' }, protocol: 'Icmp' },
      ['InvalidValue protocol'],
    ],
    [
      'an HTTP configuration without a protocol',
      { ...http({}), protocol: undefined },
      ['InvalidValue protocolConfiguration.HTTPConfiguration'],
    ],
    [
      'an HTTP configuration beside Tcp',
      { ...http({}), protocol: 'Tcp' },
      ['InvalidValue protocolConfiguration.HTTPConfiguration'],
    ],
    [
      'another method than Get',
      http({ method: 'POST' }),
      ['InvalidValue protocolConfiguration.HTTPConfiguration.method'],
    ],
    [
      'a status code that is none',
      http({ validStatusCodes: [200, 99, 600] }),
      [
        'InvalidValue protocolConfiguration.HTTPConfiguration.validStatusCodes.1',
        'InvalidValue protocolConfiguration.HTTPConfiguration.validStatusCodes.2',
      ],
    ],
    [
      '101 status codes',
      http({ validStatusCodes: Array.from({ length: 101 }, () => 200) }),
      ['InvalidValue protocolConfiguration.HTTPConfiguration.validStatusCodes'],
    ],
    [
      '33 headers',
      http({ headers: Array.from({ length: 33 }, () => ({ name: 'X-A', value: '' })) }),
      ['InvalidValue protocolConfiguration.HTTPConfiguration.headers'],
    ],
    ['an IP version that is none', { ...minimal, preferredIPVersion: 'v4' }, ['InvalidValue preferredIPVersion']],

    ['a network watcher that is none', { ...minimal, networkWatcher: web }, ['InvalidValue networkWatcher']],
    [
      'a network watcher of another subscription',
      { ...minimal, networkWatcher: watcher.replace('00000000000a', '00000000000b') },
      ['InvalidValue networkWatcher'],
    ],
    ['501 characters of reason', { ...minimal, reason: 'r'.repeat(501) }, ['InvalidValue reason']],
    ['a reason with an escape character', { ...minimal, reason: 'a\u001b[2J' }, ['InvalidValue reason']],
    ...['\u0085', '\u009b2J', '\u202e', '\u2066', '\u2028', '\u2029', '\r', '\u007f', '\ud800', '\u0000'].map(
      (character): [string, object, string[]] => [
        `a reason with ${JSON.stringify(character)}`,
        { ...minimal, reason: `a${character}b` },
        ['InvalidValue reason'],
      ],
    ),
    ['a reason of another kind', { ...minimal, reason: 7 }, ['InvalidValue reason']],
  ])('%s', (_what, body, expected) => {
    expect(faults(body)).toEqual(expected);
  });

  it('every unknown member, at whatever depth', () => {
    const body = http(
      { verb: 'Get', headers: [{ name: 'X-A', value: '', extra: 1 }] },
      {
        source: { resourceId: web, subscription: 'x' },
        destination: { ...minimal.destination, host: 'x' },
        id: 'x',
        ['__proto__x']: 1,
      },
    );
    expect(faults(body)).toEqual([
      'UnknownMember __proto__x',
      'UnknownMember destination.host',
      'UnknownMember id',
      'UnknownMember protocolConfiguration.HTTPConfiguration.headers.0.extra',
      'UnknownMember protocolConfiguration.HTTPConfiguration.verb',
      'UnknownMember source.subscription',
    ]);
    const polluted: unknown = JSON.parse(JSON.stringify(minimal).replace('{', '{"__proto__":{"reason":"x"},'));
    expect(faults(polluted)).toEqual(['UnknownMember __proto__']);
  });

  it('every fault at once, those of single fields and those between fields', () => {
    const body = {
      source: { resourceId: web, port: 70_000, colour: 'red' },
      destination: { resourceId: web },
      protocol: 'Tcp',
      protocolConfiguration: { HTTPConfiguration: { method: 'Put', headers: [{ name: 'Cookie', value: 'a\r\nb' }] } },
      networkWatcher: watcher.replace('00000000000a', '00000000000b'),
      reason: 'r'.repeat(501),
    };
    expect(faults(body)).toEqual([
      'InvalidValue destination.port',
      'InvalidValue destination.resourceId',
      'InvalidValue networkWatcher',
      'InvalidValue protocolConfiguration.HTTPConfiguration',
      'InvalidValue protocolConfiguration.HTTPConfiguration.headers.0.name',
      'InvalidValue protocolConfiguration.HTTPConfiguration.headers.0.value',
      'InvalidValue protocolConfiguration.HTTPConfiguration.method',
      'InvalidValue reason',
      'InvalidValue source.port',
      'UnknownMember source.colour',
    ]);
  });
});

describe('a probe header', () => {
  const nameFault = ['InvalidValue protocolConfiguration.HTTPConfiguration.headers.0.name'];
  const valueFault = ['InvalidValue protocolConfiguration.HTTPConfiguration.headers.0.value'];

  it.each([
    ...[
      'Authorization',
      'authorization',
      'Proxy-Authorization',
      'WWW-Authenticate-Token',
      'Cookie',
      'Cookie2',
      'Set-Cookie',
    ],
    ...[
      'X-Api-Key',
      'api_key',
      'Ocp-Apim-Subscription-Key',
      'x-functions-key',
      'X-Auth-Token',
      'X-CSRF-Token',
      'X-Amz-Security-Token',
    ],
    ...[
      'X-Session',
      'X-Signature',
      'X-Password',
      'Client-Secret',
      'X-JWT',
      'X-Identity-Header',
      'X-MS-CLIENT-PRINCIPAL-ID',
    ],
    ...[
      'Metadata',
      'Metadata-Flavor',
      'Host',
      'Content-Length',
      'Transfer-Encoding',
      'TE',
      'Trailer',
      'Upgrade',
      'Connection',
      'Expect',
    ],
    ...[
      'DD-APPLICATION-KEY',
      'x-ms-encryption-key',
      'X-Application-Key',
      'X-Shared-Key',
      'X-Client-Key',
      'x-apikey-id',
    ],
    ...['X-SAS', 'X-PAT', 'X-OTP', 'X-Ticket', 'Pwd', 'SAMLAssertion'],
    ...['Remote-User', 'X-User', 'X-Email', 'X-Roles', 'X-Group', 'Impersonate-User', 'Impersonate-Group', 'From'],
    ...['X-ARR-ClientCert', 'Client-Cert', 'SSL_CLIENT_S_DN', 'X-SSL-Client-DN', 'X-TLS-Version', 'X-Identity'],
    ...[
      'True-Client-IP',
      'CF-Connecting-IP',
      'X-Client-IP',
      'X-ClientIP',
      'X-Azure-ClientIP',
      'REMOTE_ADDR',
      'X-Real-IP',
    ],
    ...['X-Azure-FDID', 'X-Envoy-Internal', 'X-Internal', 'Forwarded', 'Via', 'Origin', 'Referer', 'Sec-Fetch-Site'],
    ...['Proxy', 'X-Proxy', 'X-Method-Override', 'X-HTTP-Method', 'X-Override-URL', 'X-Rewrite-URL', 'X-Original-URL'],
    ...['X-Host', 'X-Forwarded-Host', 'X-Google-Metadata-Request'],
  ])('named %s is not sent on behalf of others, in any case and with _ for -', (name) => {
    for (const spelling of [name, name.toUpperCase(), name.toLowerCase(), name.replaceAll('-', '_')])
      expect([spelling, faults(withHeader(spelling))]).toEqual([spelling, nameFault]);
  });

  it.each([
    'Accept',
    'User-Agent',
    'X-Request-Id',
    'Accept-Language',
    'If-None-Match',
    'X-Probe',
    'Keyboard',
    'X-Tokenizer',
    'X-Author',
    ...[
      'Content-Type',
      'Cache-Control',
      'Range',
      'If-Modified-Since',
      'Accept-Encoding',
      'traceparent',
      'X-Correlation-Id',
    ],
    ...[
      'x-ms-version',
      'X-Path',
      'X-Skip-Cache',
      'X-Zip',
      'X-Ship-To',
      'X-Environment',
      'X-Pattern',
      'X-Script',
      'X-Spin',
    ],
  ])('named %s is sent', (name) => {
    expect(faults(withHeader(name))).toEqual([]);
  });

  it.each(['', 'a b', 'a:b', 'a\r\nb', 'ä', 'a'.repeat(129), '(a)'])(
    'has a name that HTTP allows, unlike %j',
    (name) => {
      expect(faults(withHeader(name))).toEqual(nameFault);
    },
  );

  it('has a value of printable ASCII characters, wherever another stands', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[ -~]{0,20}$/),
        fc.nat(),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        (text, at, sign) => {
          const value = text.slice(0, at % (text.length + 1)) + sign + text.slice(at % (text.length + 1));
          expect(faults(withHeader('X-A', value))).toEqual(/^[ -~]$/.test(sign) ? [] : valueFault);
        },
      ),
      { numRuns: numRuns(2000) },
    );
    for (const code of [...Array(32).keys(), 0x7f, 0x85, 0x10a, 0x10d, 0x2028]) {
      expect([code, faults(withHeader('X-A', `a${String.fromCodePoint(code)}b`))]).toEqual([code, valueFault]);
    }
    expect(faults(withHeader('X-A', 'v'.repeat(1025)))).toEqual(valueFault);
  });
});

const port = fc.oneof(fc.nat(66_000), fc.constantFrom(0, 1, 443, 65_535));
const address = fc.oneof(
  fc.ipV4Extended(),
  fc.ipV6(),
  fc.domain(),
  fc.webUrl({ validSchemes: ['http', 'https'], authoritySettings: { withPort: true, withUserInfo: true } }),
  fc.constantFrom('10.1.2.4', 'Sql-01.', 'https://Shop.example.com', 'http://[::ffff:7f00:1]:80/a?b#c', '10.1'),
);
const side = fc.record(
  {
    resourceId: fc.constantFrom(web, sql, `${web}x`, 'web-01', `${network}/bastionHosts/b`),
    endpoint: fc.constantFrom('web', 'sql', 'database', 'shop', 'nobody'),
    address,
    port,
  },
  { requiredKeys: [] },
);
const header = fc.record({ name: fc.constantFrom('X-A', 'Accept'), value: fc.stringMatching(/^[ -~]{0,10}$/) });
const likely = fc.record(
  {
    source: fc.oneof(side, fc.constantFrom({ resourceId: web }, { endpoint: 'web' }), fc.constant({ resourceId: web })),
    destination: fc.oneof(side, fc.record({ address, port }), fc.record({ address })),
    protocol: fc.constantFrom('Tcp', 'Http', 'Https', 'Icmp'),
    protocolConfiguration: fc.record(
      {
        HTTPConfiguration: fc.record(
          {
            method: fc.constant('Get'),
            headers: fc.array(header, { maxLength: 3 }),
            validStatusCodes: fc.array(fc.integer({ min: 100, max: 599 })),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
    preferredIPVersion: fc.constantFrom('IPv4', 'IPv6'),
    networkWatcher: fc.constant(watcher),
    reason: fc.string({ maxLength: 20 }),
  },
  { requiredKeys: ['source', 'destination'] },
);

describe('whatever is asked', () => {
  it('an accepted request is what Azure takes, and reads as itself', () => {
    let count = 0;
    fc.assert(
      fc.property(likely, (body) => {
        const read = readCheckRequest(body, findNamedTarget);
        if (!read.ok) return;
        count += 1;
        const { request, networkWatcher, reason } = read.value;
        expect(connectivityParametersSchema.parse(request)).toEqual(request);
        const again = readCheckRequest({ ...request, networkWatcher, reason }, findNamedTarget);
        expect(again).toMatchObject({ ok: true, value: { request, networkWatcher, reason } });
        const { source, destination, protocol } = request;
        expect([destination.resourceId, destination.address].filter((one) => one !== undefined)).toHaveLength(1);
        expect(destination.resourceId?.toLowerCase()).not.toBe(source.resourceId.toLowerCase());
        expect(destination.address ?? '').not.toMatch(/^https?:\/\/[^/]*@|[#\s]/);
        if (protocol !== 'Icmp' && !/^https?:/.test(destination.address ?? ''))
          expect(destination.port).toBeGreaterThan(0);
      }),
      { numRuns: numRuns(5000, 1500) },
    );
    expect(count).toBeGreaterThan(ofRuns(300));
  });

  it('it is answered with a request or with faults that say what to do, never with a throw', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.anything(),
      fc.json().map((text): unknown => JSON.parse(text)),
    );
    const spoiled = fc
      .tuple(likely, fc.constantFrom('source', 'destination', 'protocolConfiguration', 'reason', 'x'), anything)
      .map(([body, member, value]) => ({ ...body, [member]: value }));
    fc.assert(
      fc.property(fc.oneof(anything, spoiled), (body) => {
        const read = readCheckRequest(body, findNamedTarget);
        if (read.ok) return;
        expect(read.errors.length).toBeGreaterThan(0);
        for (const { code, message, target } of read.errors) {
          expect(['InvalidValue', 'UnknownMember']).toContain(code);
          expect(problemCodes).not.toContain(code);
          expect(message.length).toBeGreaterThan(10);
          expect(target).not.toBe('');
        }
      }),
      { numRuns: numRuns(4000) },
    );
  });
});
