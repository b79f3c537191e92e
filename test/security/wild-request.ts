import fc from 'fast-check';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';

/** A request as it is put on the wire. */
export interface WildRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

interface Known {
  /** Tokens that are accepted. */
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly ids: readonly string[];
}

const { web1, web2, sql } = resources;
const watcher = `${web1.id.split('/providers/')[0]!}/providers/Microsoft.Network/networkWatchers/w`;
const valid: readonly object[] = [
  { source: { resourceId: web1.id }, destination: { address: sql.address, port: 1433 }, protocol: 'Tcp' },
  { source: { endpoint: 'web' }, destination: { endpoint: 'sql' }, reason: 'why', networkWatcher: watcher },
  {
    source: { resourceId: web2.id, port: 0 },
    destination: { resourceId: web1.id, port: 22 },
    preferredIPVersion: 'IPv6',
  },
  {
    source: { resourceId: web1.id },
    destination: { address: 'https://shop.example.com:8443/a?b=c' },
    protocol: 'Https',
    protocolConfiguration: {
      HTTPConfiguration: { method: 'Get', headers: [{ name: 'X-Probe', value: 'x' }], validStatusCodes: [200, 301] },
    },
  },
];

const oddTexts = fc.constantFrom(
  ...[
    '',
    ' ',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '\u202e',
    '=cmd()',
    '\r\nX: y',
    '%00',
    '../..',
    "' or 1 eq 1",
  ],
  ...['169.254.169.254', '0x7f.1', '::ffff:127.0.0.1', '1e999', 'a'.repeat(5000), '😀'.repeat(200), '\\'.repeat(3000)],
  ...[web1.id, `${web1.id}/`, 'https://[::1]/', 'http://a@b/', 'shop.example.com', 'NaN', 'true', '-0', '٣'],
);
const oddNumbers = fc.constantFrom(-1, 0, 65_535, 65_536, 0.5, -0, 1e308, 2 ** 53, 2 ** 31, Number.MIN_VALUE);
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  oddTexts,
  oddNumbers,
  fc.jsonValue(),
  fc.constantFrom(...valid, null, [], {}),
);
const memberNames = fc.oneof(
  fc.constantFrom(
    ...['source', 'destination', 'resourceId', 'address', 'port', 'protocol', 'endpoint', 'reason', 'headers'],
  ),
  oddTexts,
);

/** One place of a valid body is another: taken away, replaced, added to, or put into a list. */
const mutated: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom(...valid),
    fc.nat(),
    fc.constantFrom('drop', 'replace', 'add', 'wrap', 'none'),
    anyValue,
    memberNames,
  )
  .map(([body, place, how, value, name]) => mutate(body, place, how, value, name));

function mutate(body: object, place: number, how: string, value: unknown, name: string): unknown {
  const copy = structuredClone(body);
  const places = placesIn(copy);
  const [holder, key] = places[place % places.length]!;
  if (how === 'drop') Reflect.deleteProperty(holder, key);
  else if (how === 'replace') Reflect.set(holder, key, value);
  else if (how === 'wrap') Reflect.set(holder, key, [Reflect.get(holder, key)]);
  else if (how === 'add') Object.defineProperty(holder, name, { value, enumerable: true, configurable: true });
  return copy;
}

function placesIn(value: object): [object, string][] {
  return Object.entries(value).flatMap(([key, member]): [object, string][] => [
    [value, key],
    ...(typeof member === 'object' && member !== null ? placesIn(member as object) : []),
  ]);
}

/** JSON text that is broken in a way that no value is. */
const brokenText: fc.Arbitrary<Buffer> = fc.oneof(
  fc.tuple(mutated, fc.nat(), fc.nat(255)).map(([value, place, byte]) => {
    const bytes = Buffer.from(JSON.stringify(value));
    bytes[place % bytes.length] = byte;
    return bytes;
  }),
  fc.tuple(mutated, fc.nat()).map(([value, cut]) => {
    const bytes = Buffer.from(JSON.stringify(value));
    return bytes.subarray(0, cut % bytes.length);
  }),
  fc.tuple(mutated, memberNames, anyValue).map(([value, name, twice]) => {
    const text = JSON.stringify(value);
    return Buffer.from(text.replace('{', `{${JSON.stringify(name)}:${JSON.stringify(twice)},`));
  }),
  fc.constantFrom('[', '{"source":', '[[').map((open) => Buffer.from(open.repeat(20_000 / open.length))),
  fc
    .constantFrom('1e999999', '9'.repeat(5000), '-', 'null', '"', '\ufeff{}', '{}{}', '')
    .map((text) => Buffer.from(text)),
  fc.constant(Buffer.alloc(70_000, 0x20)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);
const bodies = fc.oneof(
  { weight: 8, arbitrary: mutated.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: brokenText },
  { weight: 1, arbitrary: anyValue.map((value) => Buffer.from(JSON.stringify(value))) },
);

const visible = (text: string): string => text.replace(/[^\t\x20-\x7e\xa0-\xff]/g, '?').trim();
const headerTexts = fc.oneof(oddTexts, fc.string({ maxLength: 60, unit: 'binary' })).map(visible);
const extraHeaders = fc.dictionary(
  fc.constantFrom(
    ...[
      'idempotency-key',
      'repeatability-request-id',
      'if-none-match',
      'traceparent',
      'x-ms-client-request-id',
      'accept',
    ],
    ...[
      'x-forwarded-for',
      'x-forwarded-host',
      'x-http-method-override',
      'x-ms-client-principal',
      'x-original-url',
      'cookie',
    ],
    ...['accept-encoding', 'content-encoding', 'origin', 'range', 'te', 'from'],
  ),
  fc.oneof(
    headerTexts,
    fc.constantFrom('*', 'key-1', 'key-2', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
  ),
  { maxKeys: 3 },
);
const preferences = fc.constantFrom(
  '',
  '',
  '',
  'wait=0',
  'wait=-1',
  'wait=1e9x',
  'wait="0"',
  'respond-async',
  'wait=,wait',
);
const contentTypes = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'text/plain',
      'application/xml',
      'multipart/form-data',
      '',
      'application/json,text/html',
    ),
  },
);

const pathText = (text: string): string =>
  text.replace(/[^\x21-\x7e]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
const pathParts = fc.oneof(
  oddTexts.map((text) => Array.from(text, (sign) => encodeSign(sign)).join('')),
  fc.constantFrom('%ff', '%', '%zz', '%2e%2e', '..', '%2f', 'a%00b', '%c0%af', '{id}', '*', '$metadata', 'ready'),
  fc.uuid(),
);
const encodeSign = (sign: string): string =>
  /[\ud800-\udfff]/.test(sign) && sign.length < 2 ? '%ed%a0%80' : encodeURIComponent(sign);
const queries = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom('?dryRun=true', '?dryRun=false') },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom(
            ...[
              'dryRun',
              'top',
              'from',
              'to',
              'requester',
              'status',
              'source',
              '__proto__',
              'code',
              '',
              '$filter',
              'checkId',
            ],
          ),
          fc.oneof(pathParts, fc.constantFrom('true', '1', '-1', '2026-01-01T00:00:00Z', 'Failed')),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((pairs) => `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`),
  },
);

/** Requests of every kind that reach the app: good, nearly good, and not good at all. */
export function wildRequest({ good, bad, ids }: Known): fc.Arbitrary<WildRequest> {
  const id = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, { weight: 2, arbitrary: pathParts });
  const targets = fc.oneof(
    { weight: 8, arbitrary: fc.constant(['POST', '/api/checks'] as const) },
    { weight: 5, arbitrary: id.map((each) => ['GET', `/api/checks/${each}`] as const) },
    { weight: 3, arbitrary: id.map((each) => ['GET', `/api/checks/${each}/result`] as const) },
    { weight: 2, arbitrary: id.map((each) => ['DELETE', `/api/checks/${each}`] as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('/api/me', '/api/checks', '/api/audit').map((path) => ['GET', path] as const),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('/api/health', '/api/audit/verification', '/api/openapi.json', '/api/health/ready')
        .map((path) => ['GET', path] as const),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'),
        fc.array(pathParts, { maxLength: 3 }).map((parts) => `/api/${parts.join('/')}`),
      ),
    },
  );
  const authorization = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...good).map((token) => `Bearer ${token}`) },
    { weight: 1, arbitrary: fc.constantFrom(...bad).map((token) => `Bearer ${token}`) },
    { weight: 1, arbitrary: headerTexts },
  );
  return fc
    .tuple(targets, queries, authorization, extraHeaders, contentTypes, preferences, bodies)
    .map(([[method, path], query, token, extra, type, prefer, body]) => ({
      method,
      path: pathText(`${path}${query}`),
      headers: {
        ...extra,
        ...(token === '' ? {} : { authorization: token }),
        ...(prefer === '' ? {} : { prefer }),
        ...(method === 'GET' || type === '' ? {} : { 'content-type': type }),
      },
      body: method === 'GET' || method === 'HEAD' ? undefined : body,
      // A report names the one request that matters by itself.
      [fc.toStringMethod]: () => `${method} ${path}`.slice(0, 80),
    }));
}
