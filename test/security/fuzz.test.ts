import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemAnswerSchema } from '../../src/contract/answer/problem-answer.ts';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { expectAsDocumented, operationOf } from '../http/answers.ts';
import { goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';
import { wildRequest, type WildRequest } from './wild-request.ts';

const BATCHES = 210;
const BATCH = 25;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: BATCH });
let proxy: Proxy;
let wild: fc.Arbitrary<WildRequest>;

beforeAll(async () => {
  const endpoints = { web: { resourceId: resources.web1.id }, sql: { address: '10.1.2.4', port: 1433 } };
  // Most requests that can be read are refused, so that there is time for many.
  const rules = [
    {
      id: 'own',
      effect: 'allow',
      requesters: { roles: ['Check.Request'] },
      destinations: ['endpoint:sql', '*.example.com'],
    },
  ];
  proxy = await startProxy([], { settings: { POLICY: JSON.stringify({ version: 1, endpoints, rules }) } });
  const { azure } = proxy;
  const ids = [idOf(await proxy.submit(goodCheck)), idOf(await proxy.submit(goodCheck, { user: 'bob' }))];
  await Promise.all(ids.map((id, n) => proxy.ended(id, n === 1 ? { user: 'bob' } : {})));
  const good = await Promise.all([
    azure.token('alice'),
    azure.token('alice', ['Check.Request', 'Audit.Read']),
    azure.token('=cmd()\n', ['Check.Request', 'Check.Admin'], { oid: 'odd' }),
    azure.token('mallory', []),
  ]);
  const bad = await Promise.all([
    azure.entra.mint({ alg: 'none' }),
    azure.entra.mint({ claims: { exp: 1 } }),
    azure.entra.mint({ header: { kid: 'unknown' } }),
    azure.entra.mint({ claims: { roles: [1], oid: { a: 1 }, name: ['x'] } }),
  ]);
  wild = wildRequest({ good, bad, ids: [...ids, ids[0]!.toUpperCase()] });
});
afterAll(async () => {
  agent.destroy();
  await proxy.stop();
});

async function send({ method, path, headers, body }: WildRequest): Promise<Answer> {
  const { hostname, port } = new URL(proxy.app().url);
  // Node frames no body of DELETE and OPTIONS by itself.
  const framed = body === undefined ? headers : { ...headers, 'content-length': String(body.byteLength) };
  const sent = request({ hostname, port, method, path, headers: framed, agent });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() };
}

/** What answered, for the count; throws where an answer is not as documented. */
function kindOf({ method, path }: WildRequest, { status, headers, text }: Answer): string {
  expect(status).toBeLessThan(500);
  // The host's own answer has no body: to a path or method that the app does not have, or to what it does not hand on.
  const ofTheApp = headers['x-ms-request-id'] !== undefined || text !== '' || status === 304;
  if (!ofTheApp) {
    expect([204, 400, 401, 404, 413, 414, 431]).toContain(status);
    expect(text).toBe('');
    return `bare ${status}`;
  }
  // As hosts read it: `/api/%2e%2e` is the page's.
  const { name } = operationOf(method, new URL(path, 'http://app').pathname);
  const given = Object.entries(headers).map(([header, value]): [string, string] => [header, String(value)]);
  expectAsDocumented(name, { status, headers: new Headers(given), text });
  if (status < 400) return String(status);
  const { error } = problemAnswerSchema.parse(JSON.parse(text));
  expect(headers['x-ms-error-code']).toBe(error.code);
  expect(headers['content-type']).toMatch(/^application\/json/);
  if (status === 401) expect(headers['www-authenticate']).toBe('Bearer');
  return `${status} ${error.code}`;
}

/** The same, with the request and its answer in the error. */
function told(each: WildRequest, answer: Answer): string {
  try {
    return kindOf(each, answer);
  } catch (error) {
    const { method, path, headers, body = '' } = each;
    const sent = `${method} ${path.slice(0, 500)} ${JSON.stringify(headers)} ${body.toString().slice(0, 2000)}`;
    throw new Error(`${sent}\n→ ${answer.status} ${JSON.stringify(answer.headers)} ${answer.text.slice(0, 2000)}`, {
      cause: error,
    });
  }
}

describe('five thousand requests of every kind', () => {
  const kinds = new Map<string, number>();
  let slowest = 0;

  it('are each answered as documented, and none by a fault of ours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wild, { minLength: BATCH, maxLength: BATCH }), async (requests) => {
        const answers = await Promise.all(
          requests.map(async (each) => {
            const before = performance.now();
            const answer = await send(each);
            slowest = Math.max(slowest, performance.now() - before);
            return answer;
          }),
        );
        requests.forEach((each, n) => {
          const kind = told(each, answers[n]!);
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        });
      }),
      { numRuns: BATCHES, endOnFailure: true, includeErrorInReport: false },
    );
    const total = [...kinds.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${total} requests, the slowest ${Math.round(slowest)} ms: ${JSON.stringify(Object.fromEntries([...kinds].sort()))}`,
    );
    expect(total).toBeGreaterThanOrEqual(5000);
  });

  it('among them some of each kind', () => {
    const few = ['200', '202', '400 InvalidRequest', '401 InvalidToken', '403 MissingRole', '403 PolicyRefused'];
    for (const kind of [
      ...few,
      '404 NotFound',
      '409 CheckEnded',
      '413 PayloadTooLarge',
      '415 UnsupportedMediaType',
      'bare 404',
    ])
      expect([kind, (kinds.get(kind) ?? 0) > 0]).toEqual([kind, true]);
    expect(slowest).toBeLessThan(10_000);
  });

  it('leave the app as it was: it answers, its log is whole and tells of no fault, and what it accepted has ended', async () => {
    expect((await proxy.ask('/api/health', { token: null })).status).toBe(200);
    const { log } = proxy.app();
    expect(log.filter((line) => !/^\{"time":"[^"]+","level":"(debug|information|warning)",.*\}$/.test(line))).toEqual(
      [],
    );
    for (const line of log) expect(JSON.parse(line)).toMatchObject({ message: expect.any(String) });
    const open = async (): Promise<number> =>
      (await proxy.stored()).filter(({ place }) => /^checks \w open!\S+ rowKey$/.test(place)).length;
    await expect.poll(open, { timeout: 30_000, interval: 500 }).toBe(0);
    const events = await proxy.events();
    const accepted = events.filter(({ action }) => action === 'requested').map(({ checkId }) => checkId);
    const rows = (await proxy.stored()).filter(({ place }) => /^checks \w check!\S+ rowKey$/.test(place));
    expect(rows.map(({ text }) => text.replace('check!', '')).sort()).toEqual([...new Set(accepted)].sort());
    expect(events.filter(({ action }) => ['finished', 'failed', 'canceled'].includes(action)).length).toBe(rows.length);
  });
});
