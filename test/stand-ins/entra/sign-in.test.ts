import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { startTokenIssuer } from '../../../stand-ins/entra/token-issuer.ts';
import { createBrowser } from '../../support/app/browser-of-forms.ts';

const appOrigin = 'http://127.0.0.1:7071';
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Metadata {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly device_authorization_endpoint: string;
}
interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
}

async function start() {
  const issuer = await startTokenIssuer({ appOrigin });
  stops.push(() => issuer.stop());
  const metadata = await json<Metadata>(
    await fetch(`${issuer.authority}/${issuer.tenantId}/v2.0/.well-known/openid-configuration`),
  );
  return { issuer, metadata, scope: `openid offline_access api://${issuer.audience}/user_impersonation` };
}
type Started = Awaited<ReturnType<typeof start>>;

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;

const verifier = randomBytes(32).toString('base64url');

function authorizeUrl({ issuer, metadata, scope }: Started, changes: Record<string, string | undefined> = {}): string {
  const query: Record<string, string | undefined> = {
    client_id: issuer.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: `${appOrigin}/`,
    scope,
    state: 'the state',
    nonce: 'the nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${metadata.authorization_endpoint}?${new URLSearchParams(given).toString()}`;
}

const who = new URLSearchParams({ user: 'Bob Smith', groups: 'g1, g2' });
for (const role of ['Check.Request', 'Audit.Read']) who.append('roles', role);

const exchange = ({ issuer, metadata }: Started, form: Record<string, string>): Promise<Response> =>
  fetch(metadata.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: issuer.clientId, ...form }),
  });
const redeem = (started: Started, code: string, redirect = `${appOrigin}/`) =>
  exchange(started, { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier });

/** To the page on which one says who to be. */
async function toThePage(started: Started, changes: Record<string, string | undefined> = {}) {
  const browser = createBrowser(started.issuer.authority);
  const page = await browser.go(authorizeUrl(started, changes));
  return { browser, page };
}

async function codeFor(started: Started, changes: Record<string, string | undefined> = {}): Promise<URL> {
  const { browser, page } = await toThePage(started, changes);
  expect(page.status).toBe(200);
  const sent = await browser.send(page.url, who);
  return new URL(sent.headers.get('location') ?? '');
}

describe('signing in by code', () => {
  it.each([`${appOrigin}/`, 'http://localhost:50123', 'http://localhost:50123/', 'http://127.0.0.1:1/done'])(
    'ends at %s with tokens of whoever one chose to be, and with the state',
    async (redirect) => {
      const started = await start();
      const back = await codeFor(started, { redirect_uri: redirect });
      expect(back.href.startsWith(redirect)).toBe(true);
      expect(back.searchParams.get('state')).toBe('the state');
      const tokens = await json<Tokens>(await redeem(started, back.searchParams.get('code') ?? '', redirect));
      const claims = decodeJwt(tokens.access_token);
      expect(claims).toMatchObject({
        aud: started.issuer.audience,
        name: 'Bob Smith',
        preferred_username: 'bob.smith@local.example',
        scp: 'user_impersonation',
        roles: ['Check.Request', 'Audit.Read'],
        groups: ['g1', 'g2'],
        azp: started.issuer.clientId,
      });
      expect(decodeJwt(tokens.id_token)).toMatchObject({
        aud: started.issuer.clientId,
        nonce: 'the nonce',
        oid: claims['oid'],
        tid: started.issuer.tenantId,
        name: 'Bob Smith',
      });
    },
  );

  it('gives a new access token for a refresh token, and each refresh token once', async () => {
    const started = await start();
    const back = await codeFor(started);
    const first = await json<Tokens>(await redeem(started, back.searchParams.get('code') ?? ''));
    const refresh = () => exchange(started, { grant_type: 'refresh_token', refresh_token: first.refresh_token });
    const second = await json<Tokens>(await refresh());
    expect(decodeJwt(second.access_token)['oid']).toBe(decodeJwt(first.access_token)['oid']);
    expect((await refresh()).status).toBe(400);
  });

  it('gives a code once, and to whoever has its verifier alone', async () => {
    const started = await start();
    const code = (await codeFor(started)).searchParams.get('code') ?? '';
    const stolen = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: `${appOrigin}/`,
      code_verifier: 'a'.repeat(43),
    };
    expect((await exchange(started, stolen)).status).toBe(400);
    const other = (await codeFor(started)).searchParams.get('code') ?? '';
    expect((await redeem(started, other)).status).toBe(200);
    expect((await redeem(started, other)).status).toBe(400);
  });

  it('asks again who to be, although the browser has signed in before', async () => {
    const started = await start();
    const { browser, page } = await toThePage(started);
    await browser.send(page.url, who);
    const again = await browser.go(authorizeUrl(started));
    expect([again.status, await again.text()]).toEqual([200, expect.stringContaining('Who do you want to be?')]);
    const silent = await browser.go(authorizeUrl(started, { prompt: 'none' }));
    expect(new URL(silent.headers.get('location') ?? '').searchParams.get('error')).toBe('interaction_required');
  });

  it.each([
    ['another server', 'https://evil.example/'],
    ['a name that only begins as ours', 'http://127.0.0.1.evil.example:7071/'],
    ['a name that only begins as loopback', 'http://localhost.evil.example/'],
    ['user info before another server', 'http://127.0.0.1:7071@evil.example/'],
    ['another scheme', 'javascript:alert(1)//127.0.0.1'],
  ])('redirects never to %s', async (_what, redirect) => {
    const started = await start();
    const { page } = await toThePage(started, { redirect_uri: redirect });
    expect([page.status, page.headers.get('location')]).toEqual([400, null]);
  });

  it.each([
    ['no code challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['a plain challenge', { code_challenge: verifier, code_challenge_method: 'plain' }],
    ['tokens in the redirect', { response_type: 'id_token' }],
    ['another client', { client_id: '00000000-0000-4000-8000-000000000000' }],
  ])('refuses %s', async (_what, changes) => {
    const started = await start();
    const { page } = await toThePage(started, changes);
    const back = page.headers.get('location');
    const error = back === null ? page.status : new URL(back).search + new URL(back).hash;
    expect(String(error)).toMatch(/^400$|error=(?:invalid_request|unsupported_response_type)/);
  });
});

describe('the page', () => {
  it('cannot be framed, runs no script, and lets the browser tell its origin', async () => {
    const { page } = await toThePage(await start());
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/);
    expect(page.headers.get('referrer-policy')).toBeNull();
  });

  it('says what is to be corrected, and nobody is signed in', async () => {
    const { browser, page } = await toThePage(await start());
    const sent = await browser.send(page.url, { user: ' ' });
    expect([sent.status, await sent.text()]).toEqual([400, expect.stringContaining('user:')]);
  });

  it.each([
    ['a page from elsewhere', { origin: 'https://evil.example' }],
    ['the app', { origin: appOrigin }],
    ['a page that hides its origin', { origin: 'null' }],
  ])('is not believed to have been clicked by %s', async (_who, headers) => {
    const { browser, page } = await toThePage(await start());
    const sent = await browser.send(page.url, who, headers);
    expect([sent.status, sent.headers.get('location')]).toEqual([403, null]);
  });

  it.each(['?to=/token', '?to=/devicecode', '?/token?', '?a=/token&b=/token', '?b=/devicecode?c'])(
    'is not believed to have been clicked because its address ends as that of a program: %s',
    async (query) => {
      const started = await start();
      const { browser, page } = await toThePage(started);
      for (const url of [page.url, started.metadata.authorization_endpoint.replace('authorize', 'device')]) {
        const sent = await browser.send(`${url}${query}`, who, { origin: appOrigin });
        expect([sent.status, sent.headers.get('location')]).toEqual([403, null]);
      }
      expect((await browser.send(page.url, who)).status).toBe(303);
    },
  );

  it('is not believed to have been clicked where no origin is told, or under another name of this machine', async () => {
    const { issuer, metadata } = await start();
    const { port, pathname } = new URL(metadata.authorization_endpoint);
    const path = pathname.replace('authorize', 'sign-in/any');
    // `fetch` lets nobody choose the Host.
    const ask = (method: string, headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        sent.on('error', reject).end();
      });
    expect(await ask('POST', { host: `127.0.0.1:${port}` })).toBe(403);
    expect(await ask('GET', { host: `evil.example:${port}` })).toBe(403);
    expect(await ask('POST', { host: `localhost:${port}`, origin: issuer.authority })).toBe(403);
  });
});

describe('who may fetch', () => {
  it('is the app’s page alone', async () => {
    const { metadata, issuer } = await start();
    const ask = (origin: string) =>
      fetch(metadata.token_endpoint, {
        method: 'POST',
        headers: { origin },
        body: new URLSearchParams({ client_id: issuer.clientId, grant_type: 'refresh_token', refresh_token: 'none' }),
      });
    const own = await ask(appOrigin);
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([400, appOrigin]);
    const foreign = await ask('http://127.0.0.1:3000');
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});

describe('signing in by device code', () => {
  const grant = 'urn:ietf:params:oauth:grant-type:device_code';
  const hidden = (html: string) =>
    Object.fromEntries(
      [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );

  async function begin(started: Started) {
    const body = new URLSearchParams({ client_id: started.issuer.clientId, scope: started.scope });
    const asked = await fetch(started.metadata.device_authorization_endpoint, { method: 'POST', body });
    return json<{ device_code: string; user_code: string; verification_uri: string }>(asked);
  }

  it('ends with tokens after the code is typed, confirmed, and somebody said who to be', async () => {
    const started = await start();
    const device = await begin(started);
    const poll = () => exchange(started, { grant_type: grant, device_code: device.device_code });
    expect(await json(await poll())).toMatchObject({ error: 'authorization_pending' });

    const browser = createBrowser(started.issuer.authority);
    const asks = await (await browser.go(device.verification_uri)).text();
    const confirm = await (
      await browser.send(device.verification_uri, { ...hidden(asks), user_code: device.user_code })
    ).text();
    expect(confirm).toContain(device.user_code);
    const page = await browser.send(device.verification_uri, hidden(confirm));
    expect(await page.text()).toContain('Who do you want to be?');
    expect(await json(await poll())).toMatchObject({ error: 'authorization_pending' });
    expect(await (await browser.send(page.url, who)).text()).toContain('You are signed in');
    const tokens = await json<Tokens>(await poll());
    expect(decodeJwt(tokens.access_token)).toMatchObject({ name: 'Bob Smith', roles: ['Check.Request', 'Audit.Read'] });
  });

  it('tells of a code that nobody waits for, and takes a code from its own page alone', async () => {
    const started = await start();
    const device = await begin(started);
    const browser = createBrowser(started.issuer.authority);
    const asks = hidden(await (await browser.go(device.verification_uri)).text());
    const wrong = await browser.send(device.verification_uri, { ...asks, user_code: 'AAAA-AAAA' });
    expect(await wrong.text()).toContain('No sign-in waits with this code.');
    const foreign = await browser.send(
      device.verification_uri,
      { ...asks, user_code: device.user_code },
      { origin: appOrigin },
    );
    expect(foreign.status).toBe(403);
  });
});
