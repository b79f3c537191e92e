import { spawnSync } from 'node:child_process';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkViewSchema } from '../../src/contract/check.ts';
import { until } from '../support/until.ts';
import { placesOf } from './places-of.ts';
import { allowAll, type Answered, goodCheck, idOf, type Proxy, startProxy } from './start-proxy.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const secret = `whsec_${Buffer.alloc(32, 's').toString('base64')}`;
const canary = 'canary-of-the-callback-5d1';

let server: Server;
let origin: string;
const received: Received[] = [];
let proxy: Proxy;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url: path = '', headers } = request;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ path, headers, body });
      const again = path.startsWith('/again') && received.filter((each) => each.path === path).length === 1;
      if (path.startsWith('/moved')) response.writeHead(307, { location: `/elsewhere/${canary}` });
      else response.writeHead(again ? 503 : path.startsWith('/gone') ? 410 : 204);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { port } = server.address() as AddressInfo;
  const callbacks = [
    ...[`${origin}/**`, `https://localhost:${port}/**`, `https://127.0.0.1:${port}/**`, `https://10.255.0.1/**`],
    'https://169.254.169.254/**',
  ];
  const POLICY = JSON.stringify({ version: 1, rules: [allowAll], callbacks });
  proxy = await startProxy([allowAll], { settings: { POLICY, CALLBACK_SECRET: secret } });
});
afterAll(async () => {
  await proxy.stop();
  server.close();
});

const asking = (url: string): object => ({ ...goodCheck, callback: { url } });
const told = (path: string) => received.filter((each) => each.path === path);
const answers: Answered[] = [];
const heard = (answer: Answered): Answered => {
  answers.push(answer);
  return answer;
};
const callbackOf = async (id: string) =>
  checkViewSchema.parse(heard(await proxy.ask(`/api/checks/${id}`)).json).callback;

/** Wherever a text shows: tables, queues, checkpoints, log and answers. */
async function shown(text: string): Promise<string[]> {
  const logged = proxy.log().map((line, n) => ({ place: `log line ${n}`, text: line }));
  const said = answers.map((answer, n) => ({ place: `answer ${n}`, text: answer.text }));
  return placesOf(text, [...(await proxy.stored()), ...logged, ...said]);
}

describe('a callback', () => {
  it('comes signed with the key that npm run callback-key prints, and its URL is nowhere afterwards', async () => {
    const path = `/hook/${canary}?token=${canary}`;
    const id = idOf(heard(await proxy.submit(asking(origin + path), { headers: { 'idempotency-key': 'one' } })));
    await until('the callback', 30, () => told(path).length > 0);
    const [{ headers, body }] = told(path) as [Received];
    const script = fileURLToPath(new URL('../../scripts/callback-key.ts', import.meta.url));
    const printed = spawnSync(process.execPath, ['--import', 'tsx', script, `${origin}${path}`], {
      env: { PATH: process.env['PATH'], CALLBACK_SECRET: secret },
      encoding: 'utf8',
    });
    expect(printed.stderr).toBe('');
    const event = new Webhook(printed.stdout.trim()).verify(body, headers as Record<string, string>);
    const { result } = heard(await proxy.ask(`/api/checks/${id}`)).json as { result: unknown };
    expect(event).toMatchObject({ type: 'check.ended', data: { id, status: 'Succeeded', result } });
    await until('the end of the callback', 10, async () => (await callbackOf(id))?.status === 'delivered');
    expect(await callbackOf(id)).toEqual({ origin, status: 'delivered', attempts: 1 });
    heard(await proxy.ask('/api/checks'));
    heard(await proxy.ask(`/api/audit?checkId=${id}`, { roles: ['Audit.Read'] }));
    await until('the notice to go', 10, async () => (await shown(canary)).length === 0);
    const events = (await proxy.events()).filter(({ checkId }) => checkId === id);
    expect(events.map(({ action }) => action)).toEqual(['requested', 'started', 'finished', 'exported']);
    expect(events.at(-1)).toMatchObject({ target: { resource: origin }, outcome: { code: 'delivered' } });
  });

  it('is found in storage while its check runs, so that this test would see it', async () => {
    const id = idOf(heard(await proxy.submit(asking(`${origin}/again/${canary}`))));
    await until('the first try', 30, () => told(`/again/${canary}`).length === 1);
    const places = await shown(canary);
    expect(places.length).toBeGreaterThan(0);
    expect(places.filter((place) => !place.startsWith('notices '))).toEqual([]);
    const began = Date.now();
    await until('the second try', 40, () => told(`/again/${canary}`).length === 2);
    expect(Date.now() - began).toBeLessThan(32_000);
    await until('its end', 10, async () => (await callbackOf(id))?.status === 'delivered');
    expect((await callbackOf(id))?.attempts).toBe(2);
    const ids = told(`/again/${canary}`).map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not sent where a redirect leads', async () => {
    const id = idOf(heard(await proxy.submit(asking(`${origin}/moved`))));
    await until('the first try', 30, async () => (await callbackOf(id))?.attempts === 1);
    expect((await callbackOf(id))?.status).toBe('pending');
    expect(received.filter(({ path }) => path.startsWith('/elsewhere'))).toEqual([]);
  });

  it('ends where the receiver wants no more', async () => {
    const id = idOf(heard(await proxy.submit(asking(`${origin}/gone`))));
    await until('its end', 30, async () => (await callbackOf(id))?.status === 'gone');
    expect(told('/gone')).toHaveLength(1);
  });
});

describe('a request for a callback', () => {
  it('to this machine, the platform, a private network or another place is refused with 403, and nothing is sent', async () => {
    const { port } = server.address() as AddressInfo;
    const urls = [
      ...[`https://localhost:${port}/x`, `https://127.0.0.1:${port}/x`, 'https://169.254.169.254/metadata'],
      ...['https://10.255.0.1/x', 'https://evil.example.com/x', `http://localhost:${port}/x`, `http://127.0.0.1:1/x`],
      ...[`${origin}/a/../x`, `${origin}/a/%2e%2e/x`, `http://user@127.0.0.1:${port}/x`, `${origin}/x#y`],
    ];
    const before = received.length;
    for (const url of urls) {
      expect([url, heard(await proxy.submit(asking(url))).status]).toEqual([url, 403]);
      const dry = heard(await proxy.ask('/api/checks?dryRun=true', { method: 'POST', body: asking(url) }));
      expect([dry.status, dry.json]).toMatchObject([200, { decision: { allowed: false } }]);
    }
    const refused = (await proxy.events()).filter(({ action }) => action === 'refused');
    expect(refused).toHaveLength(urls.length);
    expect(received.length).toBe(before);
  });

  it.each([
    { url: 'no url' },
    { url: 'ftp://hooks.example.com/' },
    { url: 1 },
    {},
    'https://x.example/',
    { url: 'https://x.example/', more: 1 },
  ])('that is %o is malformed', async (callback) => {
    const { status, json } = await proxy.submit({ ...goodCheck, callback });
    expect([status, json]).toMatchObject([
      400,
      { error: { details: [{ target: expect.stringMatching(/^callback/) }] } },
    ]);
  });
});
