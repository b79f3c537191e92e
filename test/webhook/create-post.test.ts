import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { deniedAddress } from '../../src/policy/callback/denied-address.ts';
import { callbackKey } from '../../src/webhook/callback-secret.ts';
import { createPost } from '../../src/webhook/create-post.ts';
import { policyOf } from '../support/memory/memory-proxy.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly url: string;
  /** The address that was connected to. */
  readonly at: string | undefined;
  readonly servername: unknown;
}

const servers: Server[] = [];
const folder = mkdtempSync(join(tmpdir(), 'tls-'));
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A receiver on loopback, and all that it gets. */
async function receiver(answer: RequestListener, tls?: { key: string; cert: string }, host = '127.0.0.1') {
  const received: Received[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, url = '', socket } = request;
      const servername: unknown = Reflect.get(socket, 'servername');
      received.push({ headers, url, body: Buffer.concat(chunks).toString(), at: socket.localAddress, servername });
      answer(request, response);
    });
  };
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { received, port: (server.address() as AddressInfo).port };
}

const secrets = ['a', 'b'].map((sign) => Buffer.alloc(32, sign));
const status =
  (code: number, headers = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, headers).end('body');
const anywhere = () => undefined;
const now = () => new Date();
const posting = (more: Partial<Parameters<typeof createPost>[0]> = {}) =>
  createPost({ resolve: (host) => Promise.resolve([host]), secrets, now, timeoutMilliseconds: 2000, ...more });
const message = (url: string) => ({
  url: new URL(url),
  id: 'id-1',
  body: '{"type":"check.ended"}',
  deniedAddress: anywhere,
});

describe('a message', () => {
  it('is signed with each secret, and verified by the library and by hand', async () => {
    const { port, received } = await receiver(status(204));
    const url = `http://127.0.0.1:${port}/hook?token=1`;
    expect(await posting()(message(url))).toEqual({ kind: 'answered', status: 204 });
    const { headers, body, url: path } = received[0]!;
    expect([path, body, headers['content-type']]).toEqual(['/hook?token=1', message(url).body, 'application/json']);
    for (const secret of secrets) {
      const key = callbackKey(secret, `http://127.0.0.1:${port}`);
      expect(new Webhook(key).verify(body, headers as Record<string, string>)).toEqual({ type: 'check.ended' });
      const signed = `id-1.${String(headers['webhook-timestamp'])}.${body}`;
      const signature = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
        .update(signed)
        .digest('base64');
      expect(String(headers['webhook-signature']).split(' ')).toContain(`v1,${signature}`);
    }
    const other = callbackKey(secrets[0]!, 'https://other.example.com');
    expect(() => new Webhook(other).verify(body, headers as Record<string, string>)).toThrow('No matching signature');
  });

  it('goes by TLS to the address that was looked up, and is for the host of the URL alone', async () => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name));
    const make = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x`.split(' ');
    const names = ['-addext', 'subjectAltName=DNS:hooks.example.com', '-keyout', key!, '-out', cert!];
    expect(spawnSync('openssl', [...make, ...names]).status).toBe(0);
    const tls = { key: readFileSync(key!, 'utf8'), cert: readFileSync(cert!, 'utf8') };
    const { port, received } = await receiver(status(200), tls, '127.0.0.9');
    const post = posting({ resolve: () => Promise.resolve(['127.0.0.9']), ca: tls.cert });
    expect(await post(message(`https://hooks.example.com:${port}/x`))).toEqual({ kind: 'answered', status: 200 });
    expect(received).toMatchObject([{ at: '127.0.0.9', servername: 'hooks.example.com' }]);
    expect(received[0]?.headers.host).toBe(`hooks.example.com:${port}`);
    expect(await post(message(`https://other.example.com:${port}/x`))).toEqual({
      ...{ kind: 'failed', cause: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    const untrusted = posting({ resolve: () => Promise.resolve(['127.0.0.9']) });
    expect((await untrusted(message(`https://hooks.example.com:${port}/x`))).kind).toBe('failed');
    expect(received).toHaveLength(1);
  });

  it('does not follow a redirect', async () => {
    const target = await receiver(status(200));
    const { port } = await receiver(status(307, { location: `http://127.0.0.1:${target.port}/` }));
    expect(await posting()(message(`http://127.0.0.1:${port}/`))).toEqual({ kind: 'answered', status: 307 });
    expect(target.received).toEqual([]);
  });

  it.each<[string, RequestListener, object]>([
    ['never answers', () => undefined, { kind: 'failed', cause: 'No answer came in time.' }],
    ['breaks off', (request) => request.socket.destroy(), { kind: 'failed', cause: 'ECONNRESET' }],
    [
      'answers without end',
      (_, response) => void response.writeHead(200).write('x'),
      { kind: 'answered', status: 200 },
    ],
    ['answers too much', (_, response) => void response.end('x'.repeat(1e7)), { kind: 'answered', status: 200 }],
    [
      'breaks off its answer',
      (_, response) => response.writeHead(410).write('x', () => setTimeout(() => response.destroy(), 50)),
      { kind: 'answered', status: 410 },
    ],
    ['answers no HTTP', (request) => void request.socket.end('hello\r\n\r\n'), { kind: 'failed' }],
  ])('to one who %s ends in time', async (_what, answer, outcome) => {
    const { port } = await receiver(answer);
    expect(await posting({ timeoutMilliseconds: 700 })(message(`http://127.0.0.1:${port}/`))).toMatchObject(outcome);
  });

  it('whose host is not found, or never, is told without the URL', async () => {
    const lost = () =>
      Promise.reject(Object.assign(new Error('getaddrinfo secret.example.com'), { code: 'ENOTFOUND' }));
    const url = 'https://secret.example.com/canary';
    expect(await posting({ resolve: lost })(message(url))).toEqual({ kind: 'failed', cause: 'ENOTFOUND' });
    const slow = posting({ resolve: () => new Promise(() => undefined), timeoutMilliseconds: 50 });
    expect(await slow(message(url))).toEqual({ kind: 'failed', cause: 'No answer came in time.' });
    expect((await posting({ resolve: () => Promise.resolve([]) })(message(url))).kind).toBe('failed');
  });
});

describe('no message goes', () => {
  const shut = (address: string) => deniedAddress(policyOf([]), address, { private: false, loopback: false });

  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '10.0.0.4',
    'fd00::1',
    '0.0.0.0',
  ])('to a name that stands for %s, alone or beside an open address', async (address) => {
    const { port, received } = await receiver(status(200));
    for (const addresses of [[address], ['1.1.1.1', address], [address, '1.1.1.1']]) {
      const post = posting({ resolve: () => Promise.resolve(addresses), timeoutMilliseconds: 500 });
      const outcome = await post({ ...message(`http://hooks.example.com:${port}/`), deniedAddress: shut });
      expect(outcome).toEqual({ kind: 'failed', cause: shut(address) });
    }
    expect(received).toEqual([]);
  });

  it('to what a second look-up would find: the socket connects to what was judged', async () => {
    const judgedAt = await receiver(status(200), undefined, '127.0.0.8');
    let asked = 0;
    // As a server does that answers the check with one address and the use with another.
    const resolve = () => Promise.resolve([asked++ === 0 ? '127.0.0.8' : '127.0.0.1']);
    const judged: string[] = [];
    const open = (address: string): undefined => {
      judged.push(address);
    };
    const url = `http://localhost:${judgedAt.port}/`;
    const outcome = await posting({ resolve })({ ...message(url), deniedAddress: open });
    expect([outcome, asked, judged]).toEqual([{ kind: 'answered', status: 200 }, 1, ['127.0.0.8']]);
    expect(judgedAt.received.map(({ at }) => at)).toEqual(['127.0.0.8']);
  });
});
