import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtureHosts } from '../fixture-app.ts';

const code = `
  app.http('echo', { methods: ['GET', 'POST'], route: 'api/echo/{name?}', handler: async (request) => ({
    jsonBody: {
      url: request.url, params: request.params, query: Object.fromEntries(request.query), forwarded: request.headers.get('x-forwarded-for'),
      many: request.headers.get('x-many'), body: Buffer.from(await request.arrayBuffer()).toString('hex'),
    } }) });
  app.http('byId', { methods: ['GET'], route: 'api/things/{id:guid}', handler: (request) => ({ body: 'guid ' + request.params.id }) });
  app.http('byName', { methods: ['GET'], route: 'api/things/{id}', handler: (request) => ({ body: 'name ' + request.params.id }) });
  app.http('rest', { methods: ['DELETE'], route: '{*rest}', handler: (request) => ({ body: 'rest ' + request.params.rest }) });
  app.http('throws', { methods: ['GET'], handler: () => { throw new Error('the inside') } });
  app.http('nothing', { methods: ['GET'], handler: () => undefined });
  app.http('word', { methods: ['GET'], handler: () => 'a word' });
  app.http('answer', { methods: ['GET'], handler: () => ({ status: 418, headers: { 'x-own': 'yes', 'content-length': '9999' }, body: 'short' }) });
  app.http('cookie', { methods: ['GET'], handler: () => ({ cookies: [{ name: 'a', value: 'b' }] }) });
  app.http('slow', { methods: ['GET'], handler: () => new Promise((resolve) => setTimeout(() => { seen.events.push('slow ended'); resolve({ headers: { 'x-late': 'yes' } }); }, 600)) });
  app.storageQueue('byHand', { queueName: 'by-hand', connection: 'NoSuch', handler: (message, context) => { seen.events.push(message); } });
  app.timer('tick', { schedule: '0 0 0 1 1 *', handler: (timer) => { seen.events.push(timer.isPastDue); throw new Error('bad tick'); } });
`;

const hosts = fixtureHosts();
let host: Awaited<ReturnType<typeof hosts.start>>;
const get = (path: string, init?: RequestInit) => fetch(host.url + path, init);

beforeAll(async () => {
  // Nothing listens there: the queue's listener reports it and tries again.
  const environment = {
    NoSuch: 'DefaultEndpointsProtocol=http;AccountName=none;AccountKey=bm9uZQ==;QueueEndpoint=http://127.0.0.1:1/none;',
  };
  const limits = { maxBodyBytes: 1000, answerWithinMs: 200 };
  const localRoutes = [
    (_request: unknown, response: ServerResponse, url: URL) => {
      if (url.pathname !== '/.local/hello') return Promise.resolve(false);
      response.end('hello');
      return Promise.resolve(true);
    },
  ];
  host = await hosts.start(code, { environment, limits, localRoutes });
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
      ((await (await get('/api/echo', { headers })).json()) as { forwarded: string }).forwarded;
    expect(await forwarded({})).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await forwarded({ 'x-forwarded-for': '10.9.9.9' })).toMatch(/^10\.9\.9\.9, 127\.0\.0\.1:\d+$/);
  });

  test('goes to the more exact route', async () => {
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    expect(await (await get(`/api/things/${id}`)).text()).toBe(`guid ${id}`);
    expect(await (await get('/api/things/web')).text()).toBe('name web');
    expect(await (await get('/some/where/else', { method: 'DELETE' })).text()).toBe('rest some/where/else');
  });

  test.each([
    ['an unknown path', '/nowhere', 'GET'],
    ['a wrong method', '/nothing', 'POST'],
    ['HEAD where only GET is registered', '/nothing', 'HEAD'],
    ['the path /admin', '/admin', 'DELETE'],
    ['a path under /admin, also in disguise', '/%61dmin/host/status', 'DELETE'],
    ['a path under /runtime', '/runtime/webhooks', 'DELETE'],
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

  test('that is larger than the host takes is answered 413, announced or not', async () => {
    const big = new Uint8Array(5_000_000);
    expect((await get('/api/echo', { method: 'POST', body: big })).status).toBe(413);
    const unannounced = new Blob([big]).stream();
    const chunked: RequestInit & { duplex: 'half' } = { method: 'POST', body: unannounced, duplex: 'half' };
    expect((await get('/api/echo', chunked)).status).toBe(413);
    expect((await get('/api/echo', { method: 'POST', body: new Uint8Array(1000) })).status).toBe(200);
  });

  test('whose client leaves in the middle runs nothing, and the host goes on', async () => {
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.write('POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\npart');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.lines.filter(({ message }) => message.startsWith('A client left'))).toHaveLength(1);
    expect((await get('/nothing')).status).toBe(204);
  });
});

describe('an answer', () => {
  test('has the status, headers and body that the function gave, and its true length', async () => {
    const response = await get('/answer');
    expect([response.status, await response.text()]).toEqual([418, 'short']);
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'x-own': 'yes', 'content-length': '5' });
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

  test('is not there for a name that only resolves to this machine', async () => {
    expect(await statusLine('GET /.local/hello HTTP/1.1\r\nHost: rebound.example\r\n\r\n')).toBe(
      'HTTP/1.1 404 Not Found',
    );
    expect(await statusLine('POST /admin/functions/tick HTTP/1.1\r\nHost: rebound.example\r\n\r\n')).toBe(
      'HTTP/1.1 404 Not Found',
    );
  });
});

describe('POST /admin/functions/{name}', () => {
  const run = (name: string, body?: string) => get(`/admin/functions/${name}`, { method: 'POST', body: body ?? null });

  test('runs a timer or queue function by hand, whatever its case, and answers before it ends', async () => {
    expect((await run('BYHAND', '{"input":"{\\"checkId\\":1}"}')).status).toBe(202);
    await expect.poll(() => host.seen.events).toContainEqual({ checkId: 1 });
    expect((await run('tick')).status).toBe(202);
    await expect.poll(() => host.seen.events).toContain(false);
    await expect
      .poll(() => host.lines)
      .toContainEqual(expect.objectContaining({ level: 'error', message: "Executed 'tick' (Failed)" }));
  });

  test('is not found for an HTTP function, an unknown one, or another method', async () => {
    expect((await run('echo')).status).toBe(404);
    expect((await run('nobody')).status).toBe(404);
    expect((await get('/admin/functions/tick')).status).toBe(404);
  });

  test.each(['{', '[]', '{"input":1}', JSON.stringify({ input: 'x'.repeat(1_000_001) })])(
    'refuses the body %.20s',
    async (body) => {
      expect((await run('tick', body)).status).toBe(400);
    },
  );
});

test('a route prefix stands before every route, and is `api` where host.json gives none', async () => {
  const { url } = await hosts.start(`app.http('one', { handler: () => ({ body: 'x' }) });`, {}, {});
  expect((await fetch(`${url}/api/one`)).status).toBe(200);
  expect((await fetch(`${url}/one`)).status).toBe(404);
});
