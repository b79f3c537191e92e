import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckRequest, readCheckRequest } from '../../../src/contract/request/check-request.ts';
import type { FieldError } from '../../../src/contract/problem.ts';
import { numRuns, ofRuns } from '../../support/run/num-runs.ts';

const group = '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers';
const web = `${group}/Microsoft.Compute/virtualMachines/web-01`;
const sql = `${group}/Microsoft.Compute/virtualMachines/sql-01`;
const eyes = `${group}/Microsoft.Network/networkWatchers/eyes`;
const minimal = { source: { resourceId: web }, destination: { address: '10.1.2.4', port: 443 } };
const http = (configuration: unknown) => ({
  ...minimal,
  protocol: 'Http',
  protocolConfiguration: { HTTPConfiguration: configuration },
});

const read = (body: unknown) => readCheckRequest(body, () => undefined);

function accepted(body: unknown): CheckRequest {
  const asked = read(body);
  if (!asked.ok) throw new Error(JSON.stringify(asked.errors));
  return asked.value;
}

/** What is said of each field that has a fault. */
function told(body: unknown): Record<string, string> {
  const asked = read(body);
  const errors: readonly FieldError[] = asked.ok ? [] : asked.errors;
  const targets = errors.map(({ target }) => target ?? '');
  expect(targets).toEqual([...new Set(targets)]);
  return Object.fromEntries(errors.map(({ target, message }) => [target ?? '', message]));
}
const from = (resourceId: unknown, more: object = {}) => ({ ...minimal, source: { resourceId, ...more } });
const to = (destination: object, more: object = {}) => ({ ...minimal, destination, ...more });
const toldOf = (address: string, port?: number): string | undefined =>
  told(to({ address, port: port ?? 443 }))['destination.address'];

const full = {
  source: { resourceId: web, port: 0 },
  destination: { address: 'shop.example.com', port: 8443 },
  protocol: 'Https',
  protocolConfiguration: {
    HTTPConfiguration: { method: 'Get', headers: [{ name: 'X-A', value: 'b' }], validStatusCodes: [200] },
  },
  preferredIPVersion: 'IPv4',
  networkWatcher: eyes,
  reason: 'INC-1042',
};

describe('a spelling that can only be meant in one way', () => {
  it.each<[string, object, object]>([
    ['a port as text', to({ address: '10.1.2.4', port: '443' }), minimal],
    ['a protocol in small letters', { ...minimal, protocol: 'tcp' }, { ...minimal, protocol: 'Tcp' }],
    ['a protocol in capitals', { ...minimal, protocol: 'ICMP' }, { ...minimal, protocol: 'Icmp' }],
    ['a method in capitals', http({ method: 'GET' }), http({ method: 'Get' })],
    [
      'an IP version in small letters',
      { ...minimal, preferredIPVersion: 'ipv6' },
      { ...minimal, preferredIPVersion: 'IPv6' },
    ],
    [
      'httpConfiguration',
      { ...http({}), protocolConfiguration: { httpConfiguration: { Method: 'get' } } },
      http({ method: 'Get' }),
    ],
    ['hTTPConfiguration', { ...http({}), protocolConfiguration: { hTTPConfiguration: {} } }, http({})],
    ['resourceID', { Source: { ResourceID: web }, destination: minimal.destination }, minimal],
    [
      'one header in place of a list',
      http({ headers: { Name: 'X-A', value: 'b' } }),
      http({ headers: [{ name: 'X-A', value: 'b' }] }),
    ],
    ['one status code in place of a list', http({ validstatuscodes: 200 }), http({ validStatusCodes: [200] })],
    ['status codes as text', http({ validStatusCodes: ['200', 301] }), http({ validStatusCodes: [200, 301] })],
    ['one status code as text', http({ validStatusCodes: '200' }), http({ validStatusCodes: [200] })],
    [
      'null wherever a member can be left out',
      {
        ...minimal,
        protocol: null,
        protocolConfiguration: { HTTPConfiguration: null },
        preferredIPVersion: null,
        networkWatcher: null,
        reason: null,
        destination: { ...minimal.destination, resourceId: null, endpoint: null, xyz: null },
      },
      { ...minimal, protocolConfiguration: {} },
    ],
    [
      'null beside the member in another letter case',
      { ...minimal, protocol: null, Protocol: 'Tcp' },
      { ...minimal, protocol: 'Tcp' },
    ],
    ['a slash at the end of an id', from(`${web}/`), minimal],
    ['blanks around an id', from(` \u00a0${web}\n`), minimal],
    ['an id behind the address of ARM', from(`https://management.azure.com${web}`), minimal],
    ['an id behind a regional address of ARM', from(`HTTPS://westeurope.Management.Azure.com:443${web}/`), minimal],
    ['an id behind the address of ARM in China', from(`https://management.chinacloudapi.cn${web}`), minimal],
    [
      'a network watcher behind the address of ARM',
      { ...minimal, networkWatcher: `https://management.usgovcloudapi.net${eyes}/ ` },
      { ...minimal, networkWatcher: eyes },
    ],
    [
      'a ping with a port, which goes nowhere',
      { source: { resourceId: web, port: 7 }, destination: { address: '10.1.2.4', port: 80 }, protocol: 'Icmp' },
      { source: { resourceId: web }, destination: { address: '10.1.2.4' }, protocol: 'Icmp' },
    ],
  ])('is read: %s', (_what, body, plain) => {
    expect(accepted(body)).toEqual(accepted(plain));
  });

  it('makes one request of all of them together, in any mixture', () => {
    const plain = accepted(full);
    fc.assert(
      fc.property(respelled(full), (body) => {
        expect(accepted(body)).toEqual(plain);
      }),
      { numRuns: numRuns(2000) },
    );
  });

  it('is refused where the member is there twice', () => {
    expect(told({ ...minimal, Protocol: 'Tcp', protocol: 'Tcp' })).toEqual({
      Protocol: 'This member is protocol in another letter case: give it once.',
    });
    expect(told({ ...http({}), protocolConfiguration: { HTTPConfiguration: {}, httpConfiguration: {} } })).toEqual({
      'protocolConfiguration.httpConfiguration':
        'This member is HTTPConfiguration in another letter case: give it once.',
    });
    expect(told({ source: { resourceId: web }, destination: { address: 'a', Port: 1, PORT: 1 } })).toEqual({
      'destination.Port': 'This member is port in another letter case: give it once.',
      'destination.PORT': 'This member is port in another letter case: give it once.',
    });
  });
});

/** The same body with names in other letter cases, words too, numbers as text, lists of one as their entry, and nulls. */
function respelled(value: unknown, name = ''): fc.Arbitrary<unknown> {
  const words = ['protocol', 'method', 'preferredIPVersion'];
  if (Array.isArray(value))
    return fc.oneof(
      respelled(value[0]),
      respelled(value[0]).map((entry) => [entry]),
    );
  if (typeof value === 'number') return fc.constantFrom(value, String(value));
  if (typeof value === 'string') {
    if (words.includes(name)) return anyCase(value);
    return value.startsWith('/')
      ? fc.constantFrom(value, `${value}/`, ` ${value} `, `https://management.azure.com${value}`)
      : fc.constant(value);
  }
  const members = Object.entries(value as object).map(([key, member]) =>
    fc.tuple(anyCase(key), respelled(member, key)),
  );
  return fc.tuple(fc.tuple(...members), fc.boolean()).map(([entries, withNull]) => ({
    ...(withNull ? { endpoint: null, absent: null } : {}),
    ...Object.fromEntries(entries),
  }));
}

const anyCase = (text: string): fc.Arbitrary<string> =>
  fc.mixedCase(fc.constant(text), { toggleCase: (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()) });

describe('what cannot be read', () => {
  const depth = "This looks like an object that PowerShell's ConvertTo-Json cut off: call it with -Depth 10.";
  const general =
    'Give a whole resource id: /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}.';
  const kinds = 'A source is a virtual machine, a scale-set instance, a Bastion host or an application gateway';

  it.each<[string, unknown, Record<string, string>]>([
    ['UDP', { ...minimal, protocol: 'Udp' }, { protocol: "Azure's check has no UDP: give Tcp, Http, Https or Icmp." }],
    ['an unknown protocol', { ...minimal, protocol: 'sctp' }, { protocol: 'Give Tcp, Http, Https or Icmp.' }],
    ['a port in words', to({ address: 'a', port: 'https' }), { 'destination.port': 'Give a port from 0 to 65535.' }],
    [
      'a port with a zero in front',
      to({ address: 'a', port: '0443' }),
      { 'destination.port': 'Give a port from 0 to 65535.' },
    ],
    ['several ports', to({ address: 'a', port: [80, 443] }), { 'destination.port': 'Give a port from 0 to 65535.' }],
    ['another IP version', { ...minimal, preferredIPVersion: 4 }, { preferredIPVersion: 'Give IPv4 or IPv6.' }],
    ['a reason that is no text', { ...minimal, reason: 7 }, { reason: 'Give a text in double quotes.' }],
    [
      'a configuration that was cut off',
      http('System.Collections.Hashtable'),
      { 'protocolConfiguration.HTTPConfiguration': depth },
    ],
    [
      'a configuration that was cut off higher',
      { ...minimal, protocolConfiguration: '@{HTTPConfiguration=}' },
      { protocolConfiguration: depth },
    ],
    [
      'a source that was cut off',
      { ...minimal, source: 'System.Collections.Specialized.OrderedDictionary' },
      { source: depth },
    ],
    [
      'headers that were cut off',
      http({ headers: 'System.Collections.Hashtable System.Collections.Hashtable' }),
      { 'protocolConfiguration.HTTPConfiguration.headers': depth },
    ],
    [
      'headers as a map',
      http({ headers: { Accept: 'text/html' } }),
      {
        'protocolConfiguration.HTTPConfiguration.headers':
          'Give a list of headers: [{"name": "Accept", "value": "text/html"}].',
      },
    ],
    [
      'a header that was cut off',
      http({ headers: ['@{name=a; value=b}'] }),
      { 'protocolConfiguration.HTTPConfiguration.headers.0': depth },
    ],
    ['an address that was cut off', to({ address: 'System.Object[]', port: 1 }), { 'destination.address': depth }],
    ['an id that was cut off', from('System.Object[]'), { 'source.resourceId': depth }],
    [
      'status codes in one text',
      http({ validStatusCodes: '200 301' }),
      { 'protocolConfiguration.HTTPConfiguration.validStatusCodes': depth },
    ],
    [
      'a member that is spelled almost right',
      { ...minimal, protcol: 'Tcp' },
      { protcol: 'This member is unknown: did you mean "protocol"?' },
    ],
    [
      'another that is',
      to({ adress: 'a', port: 1 }),
      {
        'destination.adress': 'This member is unknown: did you mean "address"?',
        destination:
          'Give exactly one of destination.resourceId, destination.address, destination.endpoint and destination.name.',
      },
    ],
    ['a member that is like none', { ...minimal, colour: 'red' }, { colour: 'This member is unknown: leave it out.' }],
    [
      'a service tag',
      to({ address: 'AzureCloud', port: 443 }),
      { 'destination.address': 'A service tag cannot be tested: give a host name or an address.' },
    ],
    [
      'an id as the address',
      to({ address: sql, port: 443 }),
      { 'destination.address': 'This is a resource id: give it as resourceId.' },
    ],
    [
      'an address as the source',
      { ...minimal, source: { address: '198.51.100.7' } },
      {
        'source.address':
          'A check starts from a resource in Azure, such as a virtual machine, and from no address: give its resourceId, or an endpoint.',
      },
    ],
    [
      'an address as the id',
      from('198.51.100.7'),
      { 'source.resourceId': `This is an address, and no resource id. ${general}` },
    ],
    [
      'an id without its first slash',
      from(web.slice(1)),
      { 'source.resourceId': 'A resource id begins with a slash: write /subscriptions/….' },
    ],
    [
      'an id with a broken line',
      from(web.replace('rg-shop', 'rg-\nshop')),
      {
        'source.resourceId':
          'A resource id has letters, digits and / _ . ( ) -: a line was broken, so take out U+000A (line feed) at position 71.',
      },
    ],
    [
      'an id with a dash of another kind',
      from(web.replace('web-01', 'web–01')),
      {
        'source.resourceId': `A resource id has letters, digits and / _ . ( ) -: take out – (U+2013, en dash) at position ${web.length - 2}.`,
      },
    ],
    [
      'an id with a query',
      from(`https://management.azure.com${web}?api-version=2024-07-01`),
      { 'source.resourceId': 'A resource id has no query: leave out "?api-version=2024-07-01".' },
    ],
    [
      'a page of the portal',
      from(`https://portal.azure.com/#@contoso.onmicrosoft.com/resource${web}/overview`),
      { 'source.resourceId': `This is a URL: give the resource id alone, "${web}".` },
    ],
    [
      'an id behind a foreign host',
      from(`https://example.com${web}`),
      { 'source.resourceId': `This is a URL: give the resource id alone, "${web}".` },
    ],
    ...[`"${web}"`, `<${web}>`, `“${web}/”`, `'${web}',`].map((text): [string, unknown, Record<string, string>] => [
      `the id ${text}`,
      from(text),
      { 'source.resourceId': `Something stands around this resource id: give "${web}" alone.` },
    ]),
    [
      'an id behind a host without its scheme',
      from(`management.azure.com${web}`),
      { 'source.resourceId': `This is a URL: give the resource id alone, "${web}".` },
    ],
    [
      'an id with backslashes',
      from(web.replaceAll('/', '\\')),
      { 'source.resourceId': 'A resource id has no backslash: write / instead.' },
    ],
    [
      'an id with two slashes',
      from(web.replace('/providers', '//providers')),
      { 'source.resourceId': 'A resource id has no two slashes in a row: take one out.' },
    ],
    [
      'a network interface as the source',
      from(`${group}/Microsoft.Network/networkInterfaces/nic`),
      { 'source.resourceId': `${kinds}: this is a Microsoft.Network/networkInterfaces.` },
    ],
    [
      'a whole scale set as the source',
      from(`${group}/Microsoft.Compute/virtualMachineScaleSets/api`),
      { 'source.resourceId': `${kinds}: of this scale set give an instance, …/virtualMachines/{number}.` },
    ],
  ])('%s is told so', (_what, body, expected) => {
    expect(told(body)).toEqual(expected);
  });

  it('is one resource at both ends, whatever its case and what stands around it', () => {
    const capitals = web.toUpperCase();
    for (const resourceId of [web, `${web}/`, ` ${web}\n`, `https://management.azure.com${capitals}/`, capitals])
      expect(told(to({ resourceId, port: 22 }))).toEqual({
        'destination.resourceId': 'Source and destination are the same resource: give another destination.',
      });
  });

  it('is a padded address, with both readings, in a URI too', () => {
    expect(toldOf('10.0.0.010')).toMatch(/write 10\.0\.0\.10 or 10\.0\.0\.8\.$/);
    expect(told(to({ address: 'http://012.0.0.1/' }))).toEqual({
      'destination.address':
        'Zeros before a number are decimal to people and octal to programs: write 12.0.0.1 or 10.0.0.1.',
    });
  });

  it('is an address that is not written whole, with what some tools read, in a URI too', () => {
    expect(toldOf('10.1.2')).toBe('Some tools read 10.1.2 as 10.1.0.2: write all four numbers, in decimal.');
    expect(toldOf('10.1.2:443')).toMatch(/^Some tools read 10\.1\.2 as 10\.1\.0\.2/);
    expect(toldOf('http://167772161/')).toMatch(/^Some tools read 167772161 as 10\.0\.0\.1/);
  });
});

describe('whatever is typed', () => {
  const oddText = fc.oneof(
    fc.constantFrom(
      ...[
        '',
        ' ',
        'tcp',
        'UDP',
        'Get',
        '443',
        '0443',
        '200 301',
        'System.Object[]',
        '@{a=b}',
        'AzureCloud',
        '10.0.0.010',
      ],
      ...[
        '“db”',
        'db:443',
        'tcp:db,1433',
        '10.0.0.0/24',
        '*.x',
        '<http://db|db>',
        'db\u00a0',
        'http://010.0.0.1/',
        '::1',
      ],
      ...[
        web,
        `${web}/`,
        ` ${sql}`,
        `https://management.azure.com${sql}`,
        `${web}?a`,
        web.slice(1),
        eyes,
        '\ud800',
        '__proto__',
      ],
    ),
    fc.string({ maxLength: 12, unit: 'binary' }),
  );
  const oddValue = fc.oneof(
    { weight: 4, arbitrary: oddText },
    {
      weight: 2,
      arbitrary: fc.constantFrom<unknown>(null, 0, 443, 70_000, -1, 1.5, true, [], {}, [443], ['200'], [null]),
    },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
  const names = [
    'source',
    'destination',
    'resourceId',
    'address',
    'endpoint',
    'port',
    'protocol',
    'reason',
    'networkWatcher',
  ];
  const more = [
    'protocolConfiguration',
    'HTTPConfiguration',
    'headers',
    'validStatusCodes',
    'method',
    'preferredIPVersion',
  ];
  const member = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...names, ...more) },
    { weight: 3, arbitrary: fc.constantFrom(...names, ...more).chain(anyCase) },
    { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'prot', 'adress', 'portt', '') },
  );
  const odd = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, oddValue, tie('object')),
    object: fc
      .array(fc.tuple(member, tie('value')), { maxLength: 5 })
      .map((entries): unknown => JSON.parse(JSON.stringify(Object.fromEntries(entries)))),
  })).object;
  const body = fc.oneof(
    odd,
    fc.tuple(fc.constantFrom<object>(minimal, full), odd).map(([base, other]) => ({ ...base, ...(other as object) })),
    fc
      .tuple(fc.constantFrom(minimal, full), fc.constantFrom('source', 'destination'), odd)
      .map(([base, side, other]) => ({ ...base, [side]: { ...base[side as 'source'], ...(other as object) } })),
    fc.tuple(member, oddValue).map(([name, value]) => ({ ...full, [name]: value })),
  );

  it('is read, or told field by field in words that are ours, each once', () => {
    const counts = { read: 0, told: 0 };
    fc.assert(
      fc.property(body, (typed) => {
        const asked = read(typed);
        counts[asked.ok ? 'read' : 'told'] += 1;
        if (asked.ok) {
          const { request, networkWatcher, reason } = asked.value;
          expect(read({ ...request, networkWatcher, reason })).toMatchObject({ ok: true, value: { request } });
          return;
        }
        const targets = asked.errors.map(({ target }) => target);
        expect(targets).toEqual([...new Set(targets)]);
        expect(targets.length).toBeGreaterThan(0);
        for (const { message } of asked.errors) {
          expect(message).toMatch(/^[A-Z].*[.?]$/s);
          expect(message).not.toMatch(/Invalid (?:input|option)|expected|received|Unrecognized|Too (?:big|small)/);
        }
      }),
      { numRuns: numRuns(6000) },
    );
    expect(counts.read).toBeGreaterThan(ofRuns(50));
    expect(counts.told).toBeGreaterThan(ofRuns(50));
  });
});
