import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { goodCheck, idOf, type Proxy, startProxy } from '../../security/start-proxy.ts';
import { fixtureHosts } from './fixture-app.ts';

const entrySchema = z.strictObject({
  what: z.string(),
  request: z.string(),
  send: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  sendBody: z.string().optional(),
  chunked: z.boolean().default(false),
  moreHeaders: z.int().default(0),
  status: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.literal(true), z.null()])).default({}),
  body: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;
const answers = z
  .strictObject({
    about: z.string(),
    knownDifferences: z.array(z.string()),
    routes: z.array(entrySchema),
    withoutRoot: z.array(entrySchema),
    proxy: z.array(entrySchema),
  })
  .parse(JSON.parse(readFileSync(new URL('real-answers.json', import.meta.url), 'utf8')));

const expand = (text: string, words: Readonly<Record<string, string>>): string =>
  text
    .replace(/\{x\*(\d+)\}/, (_, count: string) => 'x'.repeat(Number(count)))
    .replace(/\{check\*(\d+)\}/, (_, bytes: string) => JSON.stringify(goodCheck).padEnd(Number(bytes)))
    .replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);

function send(entry: Entry, url: string, words: Readonly<Record<string, string>>): ClientRequest {
  const [method = '', target = ''] = entry.request.split(' ');
  const { hostname, port } = new URL(url);
  const sent = httpRequest({ hostname, port, method, path: expand(target, words), agent: false });
  if (words.token !== undefined) sent.setHeader('authorization', `Bearer ${words.token}`);
  for (let n = 0; n < entry.moreHeaders; n++) sent.setHeader(`x-more-${n}`, 'x');
  const body = entry.sendBody === undefined ? undefined : expand(entry.sendBody, words);
  if (body !== undefined) sent.setHeader('content-type', 'application/json');
  if (entry.chunked) sent.setHeader('transfer-encoding', 'chunked');
  else if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
  for (const [name, value] of Object.entries(entry.send))
    sent.setHeader(name, typeof value === 'string' ? expand(value, words) : value);
  return sent.end(body);
}

/** The answer, as far as the entry tells what it is to be. */
async function answerTo(entry: Entry, url: string, words: Readonly<Record<string, string>>) {
  const [response] = (await once(send(entry, url, words), 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const headers = Object.entries(entry.headers).map(([name, told]) => {
    const value = response.headers[name];
    return [name, told === true ? value !== undefined : (value ?? null)];
  });
  return {
    status: response.statusCode,
    headers: Object.fromEntries(headers) as unknown,
    ...(entry.body !== undefined && { body: Buffer.concat(chunks).toString() }),
  };
}

const told = ({ status, headers, body }: Entry) => ({
  status,
  headers,
  ...(body !== undefined && { body: expand(body, {}) }),
});

describe('the local host answers as the real one did', () => {
  const hosts = fixtureHosts();
  afterAll(() => hosts.stopAll());
  const code = `
    app.http('root', { methods: ['GET'], route: '/', handler: () => ({ body: 'root' }) });
    app.http('metadata', { methods: ['GET'], route: '.well-known/oauth-protected-resource', handler: () => ({ body: 'metadata' }) });
    app.http('mcp', { methods: ['GET', 'POST', 'DELETE'], route: 'mcp', handler: ({ method }) =>
      method === 'POST' ? { body: 'mcp' } : { status: 405, headers: { allow: 'POST' } } });
    app.http('rest', { methods: ['POST'], route: 'subscriptions/{*rest}', handler: ({ params }) => ({ body: 'rest ' + params.rest }) });
    app.http('check', {
      methods: ['POST'],
      route: 'subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/networkWatchers/{watcher}/connectivityCheck',
      handler: ({ params }) => ({ body: 'check at ' + params.watcher }),
    });
    app.http('page', { methods: ['GET'], route: 'page/{*file}', handler: () => ({
      headers: { 'content-security-policy': "default-src 'self'", 'strict-transport-security': 'max-age=31536000' },
      body: 'x'.repeat(300_000),
    }) });
    app.http('form', { methods: ['POST'], route: 'form', handler: async (request) => ({ body: await request.text() }) });
    app.http('throws', { methods: ['GET'], route: 'throws', handler: () => { throw new Error('no'); } });
    app.http('nothing', { methods: ['GET'], route: 'nothing', handler: () => undefined });`;
  let url: string;
  beforeAll(async () => {
    ({ url } = await hosts.start(code));
  });

  it.each(answers.routes)('to a small app: $what', async (entry) => {
    expect(await answerTo(entry, url, {})).toEqual(told(entry));
  });

  it.each(answers.withoutRoot)('to an app without a function at its root: $what', async (entry) => {
    const { url: other } = await hosts.start(
      `app.http('only', { methods: ['GET'], route: 'only', handler: () => ({ body: 'only' }) });`,
    );
    expect(await answerTo(entry, other, {})).toEqual(told(entry));
  });
});

describe('the local host answers for the built app as the real one did', () => {
  let proxy: Proxy;
  let words: Record<string, string>;
  beforeAll(async () => {
    const limits = { requestsPerMinute: 1000 };
    const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }], limits });
    proxy = await startProxy([], { settings: { POLICY } });
    const ended = idOf(await proxy.submit(goodCheck));
    await proxy.ended(ended);
    words = { ended, token: await proxy.azure.token('alice') };
  });
  afterAll(() => proxy.stop());

  it.each(answers.proxy)('$what', async (entry) => {
    expect(await answerTo(entry, proxy.app().url, words)).toEqual(told(entry));
  });
});

it('what is answered otherwise is known, and said', () => {
  expect(answers.knownDifferences).toHaveLength(6);
});
