import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtureHosts } from '../fixture-app.ts';

const code = `
  app.http('echo', { methods: ['GET', 'POST'], route: 'api/echo/{name}', handler: async (request) => ({
    jsonBody: {
      url: request.url, params: request.params, query: Object.fromEntries(request.query), forwarded: request.headers.get('x-forwarded-for'),
      many: request.headers.get('x-many'), body: Buffer.from(await request.arrayBuffer()).toString('hex'),
    } }) });
  app.http('web', { methods: ['GET'], route: 'api/things/web', handler: () => ({ body: 'literal' }) });
  app.http('byName', { methods: ['GET'], route: 'api/things/{id}', handler: (request) => ({ body: 'name ' + request.params.id }) });
  app.http('rest', { methods: ['DELETE'], route: '{*rest}', handler: (request) => ({ body: 'rest ' + request.params.rest }) });
  app.http('throws', { methods: ['GET'], handler: () => { throw new Error('the inside') } });
  app.http('nothing', { methods: ['GET'], handler: () => undefined });
  app.http('word', { methods: ['GET'], handler: () => 'a word' });
  app.http('answer', { methods: ['GET'], handler: () => ({ status: 418, headers: { 'x-own': 'yes', 'content-length': '9999' }, body: 'short' }) });
  app.http('cookie', { methods: ['GET'], handler: () => ({ cookies: [{ name: 'a', value: 'b' }] }) });
  app.http('slow', { methods: ['GET'], handler: () => new Promise((resolve) => setTimeout(() => { seen.events.push('slow ended'); resolve({ headers: { 'x-late': 'yes' } }); }, 600)) });
  app.storageQueue('byQueue', { queueName: 'by-queue', connection: 'AzureWebJobsStorage', handler: () => {} });
  app.timer('tick', { schedule: '0 0 0 1 1 *', handler: (timer) => { seen.events.push(timer.isPastDue); throw new Error('bad tick'); } });
`;

const hosts = fixtureHosts();
let host: Awaited<ReturnType<typeof hosts.start>>;
const get = (path: string, init?: RequestInit) => fetch(host.url + path, init);

beforeAll(async () => {
  // Nothing listens there: the queue's listener reports it and tries again.
  const environment = {
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000',
    AzureWebJobsStorage:
      'DefaultEndpointsProtocol=http;AccountName=none;AccountKey=bm9uZQ==;QueueEndpoint=http://127.0.0.1:1/none;',
  };
  const limits = { answerWithinMs: 200 };
  const localRoutes = [
    (_request: unknown, response: ServerResponse, url: URL) => {
      if (url.pathname !== '/.local/hello') return Promise.resolve(false);
      response.end('hello');
      return Promise.resolve(true);
    },
  ];
  host = await hosts.start(code, { environment, limits, localRoutes, masterKey: 'the-key' });
});
afterAll(() => hosts.stopAll());

/** Sends bytes as they are, and gives the status line back. */
async function statusLine(request: string): Promise<string> {
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
  socket.end(request);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString().split('\r\n', 1)[0]!;
}

describe('a request', () => {
  test('reaches its function with parameters, joined query keys and headers, and its bytes', async () => {
    const response = await get('/API/echo/a%20b%2Fc?x=1&y=%26&x=2', {
      method: 'POST',
      headers: [
        ['x-many', 'one'],
        ['x-many', 'two'],
      ],
      body: new Uint8Array([0, 255, 10]),
    });
    expect(await response.json()).toMatchObject({
      url: `${host.url}/API/echo/a%20b%2Fc?x=1&y=%26&x=2`,
      params: { name: 'a b%2Fc' },
      query: { x: '1,2', y: '&' },
      many: expect.stringMatching(/^one, ?two$/) as string,
      body: '00ff0a',
    });
  });

  test('carries the address that connected, last in X-Forwarded-For', async () => {
    const forwarded = async (headers: Record<string, string>) =>
      ((await (await get('/api/echo/x', { headers })).json()) as { forwarded: string }).forwarded;
    expect(await forwarded({})).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await forwarded({ 'x-forwarded-for': '10.9.9.9' })).toMatch(/^10\.9\.9\.9, 127\.0\.0\.1:\d+$/);
  });

  test('goes to the more exact route', async () => {
    expect(await (await get('/api/things/WEB')).text()).toBe('literal');
    expect(await (await get('/api/things/sql')).text()).toBe('name sql');
    expect(await (await get('/some/where/else', { method: 'DELETE' })).text()).toBe('rest some/where/else');
  });

  test.each([
    ['an unknown path', '/nowhere', 'GET'],
    ['a wrong method', '/nothing', 'POST'],
    ['HEAD where only GET is registered', '/nothing', 'HEAD'],
  ])('for %s is not found', async (_what, path, method) => {
    const response = await get(path, { method });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  test.each([
    ['a target that is no path', 'GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['another target form', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a Host header with a user in it', 'GET /nothing HTTP/1.1\r\nHost: a@b\r\n\r\n'],
    ['a Host header with an impossible port', 'GET /nothing HTTP/1.1\r\nHost: b:99999\r\n\r\n'],
    ['a broken escape in a header line', 'GET /nothing HTTP/1.1\r\nbroken\r\n\r\n'],
  ])('with %s is answered 400', async (_what, request) => {
    expect(await statusLine(request)).toBe('HTTP/1.1 400 Bad Request');
  });

  test('with broken escapes in path and query reaches its function', async () => {
    expect(await statusLine('GET /api/echo/%zz%?a=%E4%&%= HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toBe(
      'HTTP/1.1 200 OK',
    );
  });

  test('that is larger than FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is answered 413 and runs nothing', async () => {
    const runs = () => host.lines.filter((line) => line.function === 'echo').length;
    const before = runs();
    const big = new Uint8Array(5_000_000);
    expect((await get('/api/echo/x', { method: 'POST', body: big })).status).toBe(413);
    expect((await get('/api/echo/x', { method: 'POST', body: new Uint8Array(1001) })).status).toBe(413);
    expect(runs()).toBe(before);
    expect((await get('/api/echo/x', { method: 'POST', body: new Uint8Array(1000) })).status).toBe(200);
  });

  test('whose length is not announced loses its body, however large', async () => {
    for (const bytes of [3, 5_000_000]) {
      const body = new Blob([new Uint8Array(bytes)]).stream();
      const chunked: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
      const response = await get('/api/echo/x', chunked);
      expect([response.status, ((await response.json()) as { body: string }).body]).toEqual([200, '']);
    }
  });

  test('whose client leaves in the middle runs nothing, and the host goes on', async () => {
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.write('POST /api/echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\npart');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    const told = () => host.lines.filter(({ message }) => message.startsWith('A client left')).length;
    await expect.poll(told, { timeout: 5000 }).toBe(1);
    expect((await get('/nothing')).status).toBe(204);
  });
});

describe('an answer', () => {
  test('has the status, headers and body that the function gave, in chunks', async () => {
    const response = await get('/answer');
    expect([response.status, await response.text()]).toEqual([418, 'short']);
    const { 'x-own': own, 'content-length': length, ...rest } = Object.fromEntries(response.headers);
    expect([own, length, rest['transfer-encoding']]).toEqual(['yes', undefined, 'chunked']);
  });

  test('is 204 where the function returned nothing', async () => {
    expect((await get('/nothing')).status).toBe(204);
  });

  test.each(['/throws', '/word', '/cookie'])('of %s is an empty 500, and the log says why', async (path) => {
    const before = host.lines.length;
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([500, '']);
    expect(host.lines.slice(before).filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('that is late is a 504 in its place, and the function runs on', async () => {
    const before = host.lines.length;
    expect((await get('/slow')).status).toBe(504);
    expect(host.seen.events).not.toContain('slow ended');
    const ofSlow = () => host.lines.filter((line) => line.function === 'slow').map(({ message }) => message);
    await expect.poll(ofSlow, { timeout: 5000 }).toEqual(["Executed 'slow' (Succeeded)"]);
    expect(host.seen.events).toContain('slow ended');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.lines.slice(before).filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('what is only local', () => {
  test('is asked first for paths under /.local/, and the app answers what it leaves', async () => {
    expect(await (await get('/.local/hello')).text()).toBe('hello');
    expect(await (await get('/.local/other', { method: 'DELETE' })).text()).toBe('rest .local/other');
  });

  // Another app on this machine is another one, too.
  const foreign = ['https://evil.example', 'http://127.0.0.1.evil.example', 'http://127.0.0.1', 'null'];

  test.each([
    ['/.local/hello', 'GET', 200],
    ['/admin/functions/tick', 'POST', 202],
  ])('%s is for the app’s own pages alone', async (path, method, status) => {
    const ask = async (headers: Record<string, string>) =>
      (await get(path, { method, headers: { 'x-functions-key': 'the-key', ...headers } })).status;
    for (const origin of [host.url, undefined])
      expect([origin, await ask({ ...(origin && { origin }) })]).toEqual([origin, status]);
    for (const origin of foreign) expect([origin, await ask({ origin })]).toEqual([origin, 403]);
    const rebound = `${method} ${path} HTTP/1.1\r\nHost: rebound.example\r\nx-functions-key: the-key\r\n\r\n`;
    expect(await statusLine(rebound)).toBe('HTTP/1.1 403 Forbidden');
    const crossSite = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nx-functions-key: the-key\r\n\r\n`;
    expect(await statusLine(crossSite)).toBe('HTTP/1.1 403 Forbidden');
  });
});

describe('POST /admin/functions/{name}', () => {
  const run = (name: string) =>
    get(`/admin/functions/${name}`, { method: 'POST', headers: { 'x-functions-key': 'the-key' } });

  test('runs a timer’s function, whatever its case, and answers before it ends', async () => {
    expect((await run('TICK')).status).toBe(202);
    await expect.poll(() => host.seen.events).toContain(false);
    await expect
      .poll(() => host.lines)
      .toContainEqual(expect.objectContaining({ level: 'error', message: "Executed 'tick' (Failed)" }));
  });

  test('is not found for a function of HTTP or a queue, an unknown one, or another method', async () => {
    expect((await run('echo')).status).toBe(404);
    expect((await run('byQueue')).status).toBe(404);
    expect((await run('nobody')).status).toBe(404);
    expect((await get('/admin/functions/tick', { headers: { 'x-functions-key': 'the-key' } })).status).toBe(404);
  });

  test('runs nothing without the master key, nor where there is none', async () => {
    const runs = () => host.lines.filter((line) => line.function === 'tick').length;
    const before = runs();
    const asked = (headers: Record<string, string>) => get('/admin/functions/tick', { method: 'POST', headers });
    for (const headers of [{}, { 'x-functions-key': '' }, { 'x-functions-key': 'another' }])
      expect((await asked(headers)).status).toBe(401);
    expect(runs()).toBe(before);
    const keyless = await hosts.start(`app.timer('t', { schedule: '0 0 0 1 1 *', handler: () => {} });`);
    expect((await fetch(`${keyless.url}/admin/functions/t`, { method: 'POST' })).status).toBe(401);
  });
});

test('a route prefix stands before every route, and is `api` where host.json gives none', async () => {
  const { url } = await hosts.start(`app.http('one', { handler: () => ({ body: 'x' }) });`, {}, {});
  expect((await fetch(`${url}/api/one`)).status).toBe(200);
  expect((await fetch(`${url}/one`)).status).toBe(404);
});
