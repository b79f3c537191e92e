import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { type AppCopy, copyApp } from '../support/app/app-copy.ts';
import type { App } from '../support/app/start-app.ts';
import { checkId } from './every-call.ts';
import { scriptedProxy } from './scripted-proxy.ts';
import { hasBrowser, startBrowser } from '../support/run/browser.ts';
import { notRun } from '../support/run/not-run.ts';
import { ownAccount } from '../support/run/own-account.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = await readFile(join(root, 'docs/client.md'), 'utf8');
const fenced = (language: string): string[] =>
  Array.from(guide.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm')), ([, block = '']) => block);

/** Where it stands in the guide, the code, and what it prints. */
const examples = fenced('js').map((code, index) => {
  const heading =
    guide
      .slice(0, guide.indexOf(code))
      .match(/^## .*$/gm)
      ?.at(-1)
      ?.slice(3) ?? '';
  const prints = Array.from(code.matchAll(/^\/\/ → (.*)$/gm), ([, line = '']) => line);
  return { name: `${index + 1}, ${heading}`, code, prints };
});

/** `npm test` runs a few. */
const tried = inject('tier') === 'all' ? examples : examples.slice(0, 3);

let copy: AppCopy;
let app: App;
let token: string;

beforeAll(async () => {
  copy = await copyApp();
  // All examples, twice within a minute, are more than the sample policy lets one person ask for.
  const sample = JSON.parse(await readFile(join(root, 'policy.sample.json'), 'utf8'));
  const POLICY = JSON.stringify({ ...sample, limits: undefined });
  app = await copy.start({ AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: '200', POLICY });
  const body = JSON.stringify({ user: 'alice', roles: ['Check.Request', 'Audit.Read'] });
  const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body });
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(async () => {
  await app.stop();
  await copy.remove();
});

it('every example of the guide says what it prints', () => {
  expect(examples.length).toBeGreaterThan(8);
  expect(examples.filter(({ prints }) => prints.length === 0)).toEqual([]);
});

describe('the built app', () => {
  it('serves the client that was built with it, without a token', async () => {
    const answer = await fetch(`${app.url}/page/client.mjs`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(await answer.text()).toBe(await readFile(join(copy.folder, 'dist/client.mjs'), 'utf8'));
    const again = { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } };
    expect((await fetch(`${app.url}/page/client.mjs`, again)).status).toBe(304);
    expect((await fetch(`${app.url}/page/main.js`)).status).toBe(404);
  });

  it('has one check of what was submitted again because its answer was lost', async () => {
    let lost = 0;
    const losing: typeof fetch = async (...sent) => {
      const answer = await fetch(...sent);
      if (lost++ === 0) throw new TypeError('The connection broke.');
      return answer;
    };
    const client = createClient({ url: app.url, getToken: () => token, fetch: losing });
    const reason = 'asked twice';
    const { id } = await client.submit({
      source: { endpoint: 'web-01' },
      destination: { endpoint: 'sql-01' },
      reason,
    });
    const found = [];
    for await (const check of client.list({ from: '-1h' })) if (check.reason === reason) found.push(check.id);
    expect([lost > 1, found]).toEqual([true, [id]]);
  });
});

describe('the examples of docs/client.md, in Node', () => {
  const [beginning = ''] = fenced('js node');
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'client-'));
    await mkdir(join(folder, 'node_modules'));
    await symlink(root, join(folder, 'node_modules/connectivity-check-proxy'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(tried)('$name', async ({ name, code, prints }) => {
    const file = join(folder, `${parseInt(name)}.mjs`);
    await writeFile(file, beginning + code);
    const env = { PATH: process.env['PATH'], NETCHECK_URL: app.url, NETCHECK_TOKEN: token };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { env, timeout: 50_000 });
    expect([stdout.trimEnd().split('\n'), stderr]).toEqual([prints, '']);
  });
});

if (!hasBrowser) notRun('the examples of docs/client.md in a browser', 'apt-get install chromium');

describe.runIf(hasBrowser)('the examples of docs/client.md, in Chromium', () => {
  const [beginning = ''] = fenced('js browser');
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  /** What a page on the proxy's own address prints; all requests of it but the page itself are answered by the app. */
  async function printed(code: string, prepare: (page: Page) => Promise<void> = () => Promise.resolve()) {
    const page = await browser.newPage();
    const lines: string[] = [];
    const done = new Promise<void>((resolve, reject) => {
      page.on('console', (message) => {
        if (message.text() === 'the end') resolve();
        // Browsers tell of each refused request.
        else if (!message.text().startsWith('Failed to load resource')) lines.push(message.text());
      });
      page.on('pageerror', reject);
    });
    const html = `<!doctype html><script type="module">\n${code}\nconsole.log('the end');</script>`;
    await page.route(`${app.url}/example`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.addInitScript(`sessionStorage.setItem('netcheck-token', ${JSON.stringify(token)})`);
    await prepare(page);
    await page.goto(`${app.url}/example`);
    await done;
    await page.close();
    return lines;
  }

  it.each(tried)('$name', async ({ code, prints }) => {
    expect(await printed(beginning + code)).toEqual(prints);
  });

  it('a redirect is not followed, and the error says so', async () => {
    const asked: string[] = [];
    const code = 'await client.me().catch(({ code, status, message }) => console.log(code, status, message));';
    const [told] = await printed(beginning + code, async (page) => {
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const headers = { location: `${app.url}/api/elsewhere` };
      await page.route(`${app.url}/api/me`, (route) => route.fulfill({ status: 302, headers }));
    });
    expect(told).toMatch(/^UnexpectedAnswer 0 .*a redirect, which is not followed/);
    expect(asked).toEqual(['/example', '/page/client.mjs', '/api/me']);
  });

  it('who looks at a check while somebody waits for it need not wait, too', async () => {
    const html = `<!doctype html><script type="module">
import { createClient } from '/page/client.mjs';
const client = createClient({ url: location.origin, getToken: () => 'token' });
const waiting = client.wait('${checkId}', { signal: AbortSignal.timeout(8000) }).catch(() => 'held');
await new Promise((resolve) => setTimeout(resolve, 500));
const begin = performance.now();
await client.get('${checkId}');
console.log(performance.now() - begin < 4000 ? 'at once' : 'late', await waiting);
console.log('the end');</script>`;
    const file = await readFile(join(root, 'dist/client.mjs'), 'utf8');
    const proxy = await scriptedProxy(({ path, headers }) => {
      if (path.startsWith('/api/')) return headers.prefer === undefined ? cached : { hangs: true };
      const type = path === '/' ? 'text/html' : 'text/javascript';
      return { headers: { 'content-type': type }, body: path === '/' ? html : file };
    });
    const cached = { headers: { 'cache-control': 'no-cache', etag: '"1"' }, body: { id: checkId, status: 'Running' } };
    const page = await browser.newPage();
    const told = new Promise((resolve) => {
      page.once('console', (message) => {
        resolve(message.text());
      });
    });
    await page.goto(proxy.url);
    expect(await told).toBe('at once held');
    await page.close();
    await proxy.stop();
  });

  it('the browser’s own fetch can be given', async () => {
    const code =
      beginning.replace('getToken', 'fetch: window.fetch,\n  getToken') +
      'console.log((await client.me()).requester.name);';
    expect(await printed(code)).toEqual(['alice']);
  });
});
