import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpRequest, InvocationContext, type HttpHandler, type HttpResponseInit } from '@azure/functions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../../src/http/openapi/version.ts';
import { openApiDocument } from '../../../src/http/openapi/document.ts';
import { getApiCatalog, headApiCatalog } from '../../../src/http/openapi/get-api-catalog.ts';
import { getOpenApi } from '../../../src/http/openapi/get-open-api.ts';
import { operationNames, operations } from '../../../src/http/operations.ts';
import type { Operation } from '../../../src/http/operation.ts';
import { type Answer, expectAsDocumented, findOperation } from '../../support/openapi/expect-as-documented.ts';
import { holdAnswersOf } from '../../support/openapi/hold-answers.ts';
import { expectAsDocumented as expectOperation } from '../answers.ts';
import { memoryApp } from '../memory-app.ts';

const publicUrl = 'https://proxy.example/base';
const document = openApiDocument({ publicUrl });

/** Every object in a value, with its place. */
function* objectsIn(value: unknown, place = ''): Generator<[string, Readonly<Record<string, unknown>>]> {
  if (typeof value !== 'object' || value === null) return;
  yield [place, value as Readonly<Record<string, unknown>>];
  for (const [name, member] of Object.entries(value)) yield* objectsIn(member, `${place}/${name}`);
}

describe('the OpenAPI document', () => {
  it('has every operation and no other, each with its summary, tag and an answer that is no problem', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId, summary, tags }]) => [
        operationId,
        method,
        path,
        summary,
        tags,
      ]),
    );
    const expected = operationNames.map((name) => {
      const { method, path, summary } = operations[name];
      return [name, method.toLowerCase(), `/${path}`, summary, [expect.any(String)]];
    });
    expect(described.toSorted()).toEqual(expected.toSorted());
  });

  it('says what each parameter in a path is', () => {
    const all = operationNames.map((name): Operation => operations[name]);
    const named = ({ path }: Operation): string[] => Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
    for (const each of all) expect(Object.keys(each.pathParameters ?? {})).toEqual(named(each));
  });

  it('is of the version that package.json names, and its server is where the proxy is', () => {
    const { version: packaged } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(version).toBe(packaged);
    expect(document).toMatchObject({ openapi: '3.1.1', info: { version }, servers: [{ url: publicUrl }] });
  });

  it('names the roles of which a token needs one, and leaves open what needs no token', () => {
    const security = (path: string, method: string) => document.paths[path]?.[method]?.security;
    expect(security('/api/checks', 'post')).toEqual([{ entra: ['Check.Request'] }]);
    expect(security('/api/checks', 'get')).toEqual([{ entra: ['Check.Request'] }, { entra: ['Audit.Read'] }]);
    expect(security('/api/me', 'get')).toEqual([{ entra: [] }]);
    expect(security('/api/openapi.json', 'get')).toEqual([]);
  });

  it('names the headers that a call takes, and none that it looks not at', () => {
    const headersOf = (path: string) =>
      document.paths[path]?.['post']?.parameters.flatMap((parameter) =>
        '$ref' in parameter ? String(parameter.$ref).replace('#/components/parameters/', '') : [],
      );
    const idempotency = ['Prefer', 'Idempotency-Key', 'Repeatability-Request-ID'];
    const ofEveryCall = ['x-ms-client-request-id', 'traceparent'];
    expect(headersOf('/api/checks')).toEqual([...idempotency, 'x-netcheck-client', ...ofEveryCall]);
    const arm = `/${operations.beginConnectivityCheck.path}`;
    expect(headersOf(arm)).toEqual([...idempotency, ...ofEveryCall]);
    expect(document.paths[arm]?.['post']).toMatchObject({
      description: expect.stringContaining('`x-ms-client-request-id`'),
    });
  });

  it('lets answers have further members, as clients must, and requests none; tests know no further ones', () => {
    const closedIn = (value: unknown): string[] =>
      [...objectsIn(value)].filter(([, each]) => each['additionalProperties'] === false).map(([place]) => place);
    const requests = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((each) => each.requestBody),
    );
    expect(closedIn(requests).length).toBeGreaterThan(0);
    const { CheckRequest, SetRequest, ...answers } = document.components.schemas;
    expect([
      closedIn(answers),
      closedIn(Object.values(document.paths).map((item) => Object.values(item).map((each) => each.responses))),
    ]).toEqual([[], []]);
    expect(closedIn(CheckRequest)).toContain('/properties/destination');
    expect(closedIn(SetRequest)).toContain('');
    const closed = openApiDocument({ publicUrl, answers: 'closed' });
    expect(closedIn(closed.components.schemas['Requester'])).toEqual(['']);
  });

  it('has every reference that it makes', () => {
    const refs = [...objectsIn(document)].flatMap(([, each]) =>
      typeof each['$ref'] === 'string' ? [each['$ref']] : [],
    );
    const names = Object.entries(document.components).flatMap(([part, members]) =>
      Object.keys(members as object).map((name) => `#/components/${part}/${name}`),
    );
    expect([...new Set(refs)].filter((ref) => !names.includes(ref))).toEqual([]);
  });
});

describe('what describes the API', () => {
  const call = async (handler: HttpHandler, headers: Record<string, string> = {}): Promise<Answer> => {
    const request = new HttpRequest({ method: 'GET', url: `${publicUrl}/api/openapi.json`, headers });
    const init = (await handler(request, new InvocationContext())) as HttpResponseInit;
    return { status: init.status ?? 0, headers: new Headers(init.headers), text: (init.body ?? '') as string };
  };

  it('is answered without a token, and 304 where its ETag is known', async () => {
    const handler = getOpenApi({ publicUrl });
    const answer = await call(handler);
    expectOperation('getOpenApi', answer);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, JSON.parse(JSON.stringify(document))]);
    const etag = answer.headers.get('etag') ?? '';
    const known = await call(handler, { 'if-none-match': `W/${etag}` });
    expectOperation('getOpenApi', known);
    expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await call(handler, { 'if-none-match': '"another"' })).status).toBe(200);
  });

  it('is another document, with another ETag, where the address of the proxy is another', async () => {
    const etags = ['https://a.example', 'https://b.example'].map((url) => call(getOpenApi({ publicUrl: url })));
    const [a, b] = (await Promise.all(etags)).map(({ headers }) => headers.get('etag'));
    expect(a).not.toBe(b);
  });

  it('is named by the catalog, in its links and in its header', async () => {
    const answer = await call(getApiCatalog({ publicUrl }));
    expectOperation('getApiCatalog', answer);
    expect(JSON.parse(answer.text)).toMatchObject({
      linkset: [{ anchor: `${publicUrl}/api`, 'service-desc': [{ href: `${publicUrl}/api/openapi.json` }] }],
    });
    const head = await call(headApiCatalog({ publicUrl }));
    expectOperation('headApiCatalog', head);
    expect([head.status, head.text]).toEqual([200, '']);
    for (const { headers } of [answer, head]) {
      expect(headers.get('content-type')).toMatch(/^application\/linkset\+json(;|$)/);
      expect(headers.get('link')).toContain(`<${publicUrl}/.well-known/api-catalog>; rel="api-catalog"`);
    }
  });
});

describe('an answer that is not documented', () => {
  let good: Answer;
  let refused: Answer;
  beforeAll(async () => {
    const app = memoryApp();
    good = await app.ask('GET /api/me');
    refused = await app.ask('GET /api/me', { user: '' });
  });

  const me = findOperation('GET', '/api/me')!;
  const withHeaders = (answer: Answer, change: (headers: Headers) => void): Answer => {
    const headers = new Headers(answer.headers);
    change(headers);
    return { ...answer, headers };
  };
  const withMember = (answer: Answer, member: object): Answer => ({
    ...answer,
    text: JSON.stringify({ ...(JSON.parse(answer.text) as object), ...member }),
  });

  it('fails for its status, a member too many or too few, a header, its type or the code of its problem', () => {
    expectAsDocumented(me, good);
    expectAsDocumented(me, refused);
    const odd: [Answer, RegExp][] = [
      [{ ...good, status: 201 }, /the status 201/],
      [withMember(good, { more: 1 }), /more/],
      [withMember(good, { roles: undefined }), /required property 'roles'/],
      [
        withMember(good, { requester: { ...(JSON.parse(good.text) as { requester: object }).requester, more: 1 } }),
        /more/,
      ],
      [{ ...good, text: '' }, /an empty body/],
      [
        withHeaders(good, (headers) => {
          headers.set('x-more', '1');
        }),
        /the header x-more/,
      ],
      [
        withHeaders(good, (headers) => {
          headers.delete('x-ms-request-id');
        }),
        /without the header x-ms-request-id/,
      ],
      [
        withHeaders(good, (headers) => {
          headers.set('content-type', 'text/html');
        }),
        /a body of type "text\/html"/,
      ],
      [withMember(refused, { error: { code: 'NotFound', message: '', requestId: '' } }), /the code NotFound/],
    ];
    for (const [answer, fault] of odd)
      expect(() => {
        expectAsDocumented(me, answer);
      }).toThrow(fault);
  });

  describe('of an app over HTTP', () => {
    const server = createServer(({ url }, response) => {
      if (url === '/api/me') response.end('{}');
      else response.writeHead(404).end(url === '/api/unknown' ? 'here' : '');
    }).listen(0, '127.0.0.1');
    let url: string;
    beforeAll(async () => {
      if (!server.listening) await once(server, 'listening');
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      holdAnswersOf(url);
    });
    afterAll(() => server.close());

    it('fails whoever fetches it, and so does an answer of an operation that is not documented', async () => {
      await expect(fetch(`${url}/api/me`)).rejects.toThrow(/GET \/api\/me/);
      await expect(fetch(`${url}/api/unknown`)).rejects.toThrow(/knows no GET \/api\/unknown/);
      expect((await fetch(`${url}/api/nothing`)).status).toBe(404);
      expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
    });
  });
});
