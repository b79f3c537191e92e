import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { newHome, start } from './netcheck.ts';

const about = 'io.modelcontextprotocol';
const token = 'a.good.token';

interface Come {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly id?: unknown; readonly method?: string; readonly params?: object };
}
interface Said {
  readonly status?: number;
  readonly type?: string;
  /** A function is asked for each; `undefined` never answers. */
  readonly body?: unknown;
}

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) stop();
});

/** A proxy that answers each message as it is told to. */
async function proxyThat(answer: (come: Come) => Said | undefined) {
  const asked: Come[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse(await text(request)) as Come['body'];
      const come = { path: request.url ?? '', headers: request.headers, body };
      asked.push(come);
      const said = answer(come);
      if (!said) return;
      const {
        status = 200,
        type = 'application/json',
        body: told = { jsonrpc: '2.0', id: come.body.id, result: {} },
      } = said;
      response.writeHead(status, { 'content-type': type }).end(typeof told === 'string' ? told : JSON.stringify(told));
    })();
  }).listen(0, '127.0.0.1');
  running.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** What `netcheck mcp` writes to these lines; its input ends with them. */
async function answersTo(
  url: string,
  lines: readonly unknown[],
  env: Record<string, string> = { NETCHECK_TOKEN: token },
) {
  const home = await newHome();
  const stdin = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { code, stdout, stderr } = await start(['mcp', '--url', url], { env: { ...home.env, ...env }, stdin }).ended;
  const messages = stdout.split('\n').filter((line) => line !== '');
  return { code, stderr, messages: messages.map((line): unknown => JSON.parse(line)) };
}

const list = { jsonrpc: '2.0', id: 'a', method: 'tools/list' };

describe('netcheck mcp', () => {
  it('hands a message of the newest revision on as it is, with the headers that repeat it', async () => {
    const proxy = await proxyThat(() => ({}));
    const _meta = { [`${about}/protocolVersion`]: '2026-07-28', [`${about}/clientInfo`]: { name: 'x', version: '1' } };
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'prüfen', arguments: {}, _meta } };
    expect(await answersTo(proxy.url, [call])).toMatchObject({ code: 0, messages: [{ id: 1, result: {} }] });
    expect(proxy.asked).toMatchObject([
      {
        path: '/mcp',
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': 'tools/call',
          'mcp-name': `=?base64?${Buffer.from('prüfen').toString('base64')}?=`,
        },
        body: call,
      },
    ]);
  });

  it('says with each message of an older client what that said once: its name and the revision', async () => {
    const proxy = await proxyThat(({ body: { id, method } }) => {
      if (id === undefined) return { status: 202, body: '' };
      const result = method === 'initialize' ? { protocolVersion: '2025-06-18' } : {};
      const event = `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`;
      return { type: 'text/event-stream', body: event };
    });
    const home = await newHome();
    const { child, ended } = start(['mcp', '--url', proxy.url], {
      env: { ...home.env, NETCHECK_TOKEN: token },
      isOpen: true,
    });
    const client = { name: 'old', version: '1' };
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: client };
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    await once(child.stdout!, 'data');
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    child.stdin?.end(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'x' } })}\n`);
    expect((await ended).code).toBe(0);
    const called = proxy.asked.find(({ body }) => body.method === 'tools/call');
    expect(called?.headers['mcp-protocol-version']).toBe('2025-06-18');
    expect(called?.headers).not.toHaveProperty('mcp-method');
    expect(called?.body.params).toEqual({ name: 'x', _meta: { [`${about}/clientInfo`]: client } });
    expect(proxy.asked[0]?.headers).not.toHaveProperty('mcp-protocol-version');
  });

  it('gives a refusal of the proxy’s the id of its message, and says how to sign in', async () => {
    const refusal = { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'The token has expired.' } };
    const proxy = await proxyThat(() => ({ status: 401, body: refusal }));
    expect((await answersTo(proxy.url, [list])).messages).toEqual([
      {
        jsonrpc: '2.0',
        id: 'a',
        error: { code: -32_000, message: 'The token has expired. To sign in: netcheck login.' },
      },
    ]);
  });

  it('hands on an error as it is: a client may try another revision', async () => {
    const error = { code: -32_022, message: 'Unsupported protocol version', data: { supported: ['2026-07-28'] } };
    const proxy = await proxyThat(() => ({ status: 400, body: { jsonrpc: '2.0', id: 'a', error } }));
    expect((await answersTo(proxy.url, [list])).messages).toEqual([{ jsonrpc: '2.0', id: 'a', error }]);
  });

  it.each<[string, Said]>([
    ['a page of a gateway', { status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }],
    ['a redirect', { status: 302, body: '' }],
    ['nothing to speak of', { status: 200, type: 'text/event-stream', body: ': keep-alive\n\n' }],
    ['half of a message', { status: 200, body: '{"jsonrpc":' }],
  ])('answers with an error where the proxy answers with %s', async (_what, said) => {
    const proxy = await proxyThat(() => said);
    const { code, messages } = await answersTo(proxy.url, [list]);
    expect([code, messages]).toEqual([
      0,
      [
        {
          jsonrpc: '2.0',
          id: 'a',
          error: { code: -32_000, message: expect.stringContaining(`at ${proxy.url} gave no answer`) },
        },
      ],
    ]);
  });

  it('stays where nobody is signed in, says how to, and sends nothing', async () => {
    const proxy = await proxyThat(() => ({}));
    const { code, messages } = await answersTo(
      proxy.url,
      [list, { jsonrpc: '2.0', method: 'notifications/initialized' }],
      {},
    );
    expect([code, messages, proxy.asked]).toMatchObject([
      0,
      [{ id: 'a', error: { message: expect.stringContaining(`netcheck login --url ${proxy.url}`) } }],
      [],
    ]);
  });

  it('answers a line that is no message, and goes on', async () => {
    const proxy = await proxyThat(() => ({}));
    const { messages } = await answersTo(proxy.url, ['{oops', '', list]);
    expect(messages).toHaveLength(2);
    expect(messages).toContainEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_700, message: 'This line is no JSON.' },
    });
    expect(messages).toContainEqual({ jsonrpc: '2.0', id: 'a', result: {} });
  });

  it('tells who cancels a message nothing more of it', async () => {
    const proxy = await proxyThat(({ body }) => (body.id === 'a' ? undefined : {}));
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'a' } };
    const { code, messages } = await answersTo(proxy.url, [list, cancel, { ...list, id: 'b' }]);
    expect([code, messages]).toEqual([0, [{ jsonrpc: '2.0', id: 'b', result: {} }]]);
  });

  it('wants to know which proxy before it begins', async () => {
    const home = await newHome();
    const { code, stdout } = await start(['mcp'], { env: home.env }).ended;
    expect([code, stdout]).toEqual([2, '']);
  });
});
