import { existsSync, readFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser } from '../support/app/browser-of-forms.ts';
import { type AppCopy, copyApp } from '../support/app/app-copy.ts';
import type { App } from '../support/app/start-app.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { type Home, netcheck, newHome, type Running, start, withAz } from './netcheck.ts';
import { type ScriptedServer, sends, startScripted } from './scripted-server.ts';

const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
const who = new URLSearchParams({ user: 'Bob Smith', roles: 'Check.Request' });

let copy: AppCopy;
let app: App;
let home: Home;
let stranger: ScriptedServer;
let offer: { authority: string; clientId: string; scope: string };

beforeAll(async () => {
  copy = await copyApp();
  app = await copy.start({ AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: '500', POLICY });
  offer = (await (await fetch(`${app.url}/api/sign-in`)).json()) as typeof offer;
  stranger = await startScripted();
});
afterAll(async () => {
  await app.stop();
  await copy.remove();
  await stranger.stop();
});
beforeEach(async () => {
  home = await newHome();
  stranger.forget();
});

const file = () => join(home.folder, 'state/netcheck/sessions.json');
const sessions = () => JSON.parse(readFileSync(file(), 'utf8')) as Record<string, Kept>;
interface Kept {
  readonly tokens: { readonly refreshToken: string; readonly expiresAt: number; readonly name: string };
}
const azAsked = () =>
  existsSync(join(home.folder, 'az-asked')) ? readFileSync(join(home.folder, 'az-asked'), 'utf8') : '';
const run = (words: string[], stdin?: string) =>
  netcheck(words, { env: home.env, ...(stdin !== undefined && { stdin }) });
const tokensAt = ({ asked }: ScriptedServer) => asked.map(({ authorization }) => authorization).filter(Boolean);

/** What a person does in the browser that the command opens. */
async function clickThrough(running: Running): Promise<Response> {
  await running.says('Sign in at ');
  const url = /Sign in at (\S+)\n/.exec(running.said())?.[1] ?? '';
  const browser = createBrowser(new URL(url).origin);
  const page = await browser.go(url);
  const sent = await browser.send(page.url, who);
  return fetch(sent.headers.get('location') ?? '');
}

async function signIn(): Promise<void> {
  const running = start(['login', '--url', app.url], { env: home.env, stdin: 'y\n' });
  expect((await clickThrough(running)).status).toBe(200);
  expect(await running.ended).toMatchObject({ code: 0, stdout: `You are signed in to ${app.url} as Bob Smith.\n` });
}

describe('netcheck login', () => {
  it('shows authority and scope, asks, and signs in by the browser; the session is for its owner and that proxy alone', async () => {
    await signIn();
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(sessions()).toMatchObject({
      [app.url]: { ...offer, tokens: { refreshToken: expect.any(String), name: 'Bob Smith' } },
    });
    const me = await run(['me', '--url', app.url]);
    expect([me.code, me.stdout]).toEqual([0, expect.stringContaining('Bob Smith')]);
    // Signed in to one proxy alone, that is the one.
    expect((await run(['me'])).code).toBe(0);
    // What was confirmed, and has not changed, is not asked for again.
    const again = start(['login'], { env: home.env });
    expect((await clickThrough(again)).status).toBe(200);
    expect((await again.ended).stderr).not.toContain('[y/N]');
    expect((await run(['logout'])).stdout).toBe(`You are signed out of ${app.url}.\n`);
    expect([sessions(), (await run(['me', '--url', app.url])).code]).toEqual([{}, 4]);
  });

  it('signs in by a code that is typed on another device', async () => {
    const running = start(['login', '--device', '--url', app.url, '--json'], { env: home.env, stdin: 'yes\n' });
    await running.says(' and type ');
    const [, url = '', code = ''] = /Open (\S+) and type (\S+)/.exec(running.said()) ?? [];
    const browser = createBrowser(new URL(url).origin);
    const hidden = (html: string) =>
      Object.fromEntries(
        [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
      );
    const asks = await (await browser.go(url)).text();
    const confirm = await (await browser.send(url, { ...hidden(asks), user_code: code })).text();
    const page = await browser.send(url, hidden(confirm));
    await browser.send(page.url, who);
    const { code: exit, stdout } = await running.ended;
    expect([exit, JSON.parse(stdout)]).toEqual([0, { origin: app.url, ...offer, signedIn: true, name: 'Bob Smith' }]);
    expect((await run(['me'])).code).toBe(0);
  });

  it.each([['n\n'], ['\n'], [''], [undefined]])('keeps nothing where %j is answered: 4', async (stdin) => {
    const { code, stderr } = await run(['login', '--url', app.url], stdin);
    expect([code, stderr]).toEqual([4, expect.stringContaining(`authority  ${offer.authority}`)]);
    expect(stderr).toContain(`scope      ${offer.scope}`);
    expect(existsSync(file())).toBe(false);
  });

  it('gives up by Ctrl-C: 130', async () => {
    const running = start(['login', '--url', app.url], { env: home.env, stdin: 'y\n' });
    await running.says('Sign in at ');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
  });

  it('does not end by a page that does not know the state', async () => {
    const running = start(['login', '--url', app.url], { env: home.env, stdin: 'y\n' });
    await running.says('Sign in at ');
    const redirect = new URL(/Sign in at (\S+)/.exec(running.said())?.[1] ?? '').searchParams.get('redirect_uri') ?? '';
    for (const query of ['?code=x&state=guessed', '?code=x', '?error=access_denied'])
      expect((await fetch(`${redirect}/${query}`)).status).toBe(404);
    expect((await clickThrough(running)).status).toBe(200);
    expect((await running.ended).code).toBe(0);
  });
});

describe('A session', () => {
  it('gets the next token by itself, and ends when that is not given', async () => {
    await signIn();
    const before = sessions()[app.url]!.tokens;
    const late = { ...sessions(), [app.url]: { ...sessions()[app.url], tokens: { ...before, expiresAt: Date.now() } } };
    await writeFile(file(), JSON.stringify(late));
    expect((await run(['me'])).code).toBe(0);
    const after = sessions()[app.url]!.tokens;
    expect(after.expiresAt).toBeGreaterThan(Date.now());
    expect(after.refreshToken).not.toBe(before.refreshToken);
    expect(after.name).toBe('Bob Smith');
    // The first refresh token is used up.
    await writeFile(file(), JSON.stringify(late));
    const ended = await run(['me']);
    expect([ended.code, ended.stderr]).toEqual([4, expect.stringContaining('has ended')]);
  });

  it('and the Azure CLI give nothing to another server at --url', async () => {
    await signIn();
    await withAz(home, 'token-of-az');
    for (const words of [['me'], ['list'], ['web-01', '10.1.2.4:22'], ['audit', 'list']]) {
      const { code, stderr } = await run([...words, '--url', stranger.url]);
      expect([code, stderr]).toEqual([4, expect.stringContaining('netcheck login')]);
    }
    expect([stranger.asked, azAsked()]).toEqual([[], '']);
  });

  it('is not led elsewhere by a redirect, nor by a link in a list', async () => {
    const evil = await startScripted();
    const { url } = stranger;
    const env = { ...home.env, NETCHECK_URL: url, NETCHECK_TOKEN: 'secret-token' };
    stranger.answers['/api/me'] = sends({}, 307, { location: `${evil.url}/api/me` });
    const redirected = await netcheck(['me'], { env });
    expect([redirected.code, redirected.stderr]).toEqual([1, expect.stringContaining('redirect')]);
    let pages = 0;
    stranger.answers['/api/checks'] = (request, response) => {
      pages += 1;
      sends({ value: [], ...(pages === 1 && { nextLink: `${evil.url}/api/checks?after=x` }) })(request, response);
    };
    expect((await netcheck(['list'], { env })).code).toBe(0);
    let exported = 0;
    stranger.answers['/api/audit'] = (request, response) => {
      exported += 1;
      sends({}, 200, exported === 1 ? { link: `<${evil.url}/api/audit?after=x>; rel="next"` } : {})(request, response);
    };
    expect((await netcheck(['audit', 'export', '--out', join(home.folder, 'a.ndjson')], { env })).code).toBe(0);
    expect(stranger.asked.map(({ path }) => path)).toEqual([
      ...['/api/me', '/api/checks?top=20', '/api/checks?after=x', '/api/audit', '/api/audit?after=x'],
    ]);
    expect([evil.asked, tokensAt(stranger).length]).toEqual([[], 5]);
    await evil.stop();
  });
});

describe('What a server says of its sign-in', () => {
  const login = (stdin = 'y\n') => run(['login', '--url', stranger.url], stdin);

  it('is trusted only when it is confirmed; then the Azure CLI is asked for that scope, and for that server', async () => {
    stranger.answers['/api/sign-in'] = sends({
      authority: offer.authority,
      scope: 'api://strangers-own/user_impersonation',
    });
    stranger.answers['/api/me'] = sends({
      requester: { name: 'x', id: 'y' },
      roles: [],
      rules: [],
      endpoints: [],
      limits: [],
    });
    await withAz(home, 'token-of-az');
    expect((await login('n\n')).code).toBe(4);
    expect([(await run(['me', '--url', stranger.url])).code, azAsked()]).toEqual([4, '']);
    expect((await login()).code).toBe(0);
    const tenant = new URL(offer.authority).pathname.split('/')[1] ?? '';
    const asked = `account get-access-token --scope api://strangers-own/.default --tenant ${tenant} --output json\n`;
    expect(azAsked()).toBe(asked);
    expect((await run(['me', '--url', stranger.url])).code).toBe(0);
    expect([azAsked(), tokensAt(stranger)]).toEqual([asked + asked, ['Bearer token-of-az']]);
    // What it says later changes nothing until it is confirmed, too.
    stranger.answers['/api/sign-in'] = sends({ authority: offer.authority, scope: 'api://another/user_impersonation' });
    expect((await run(['me', '--url', stranger.url])).code).toBe(0);
    expect(azAsked()).not.toContain('another');
    const changed = await login('n\n');
    expect([changed.code, changed.stderr]).toEqual([4, expect.stringContaining('not as you confirmed before')]);
  });

  it('brings it no token of another proxy’s scope, nor of Microsoft’s', async () => {
    await signIn();
    await withAz(home, 'token-of-az');
    const before = sessions();
    for (const scope of [
      offer.scope,
      offer.scope.toUpperCase().replace(/^API/, 'api'),
      offer.scope.replace(/[^/]*$/, '.default'),
      'https://management.azure.com/.default',
      'https://graph.microsoft.com/User.Read',
      'User.Read',
      'api://own/a api://b/c',
    ]) {
      stranger.answers['/api/sign-in'] = sends({ authority: offer.authority, clientId: offer.clientId, scope });
      const { code, stderr } = await login();
      expect([scope, code, stderr]).toEqual([scope, 4, expect.stringContaining('cannot be trusted with a sign-in')]);
    }
    expect([sessions(), azAsked(), tokensAt(stranger)]).toEqual([before, '', []]);
  });

  it('can be a sign-in at its own authority, which concerns no other proxy', async () => {
    await signIn();
    const before = sessions()[app.url];
    const authority = await startScripted();
    authority.answers['/.well-known/openid-configuration'] = sends({
      issuer: 'https://issuer.example.com',
      authorization_endpoint: 'http://authority.example.com/authorize',
      token_endpoint: `${authority.url}/token`,
    });
    stranger.answers['/api/sign-in'] = sends({ authority: authority.url, clientId: 'c', scope: 'api://own/user' });
    const { code, stderr } = await login();
    expect([code, stderr]).toEqual([4, expect.stringContaining('names an address that is not https')]);
    expect(authority.asked).toEqual([{ path: '/.well-known/openid-configuration', authorization: undefined }]);
    expect(sessions()[app.url]).toEqual(before);
    await authority.stop();
  });

  it('is nothing where it is no such answer, and is not looked for behind a redirect', async () => {
    expect((await login()).code).toBe(1);
    stranger.answers['/api/sign-in'] = sends({}, 302, { location: `${app.url}/api/sign-in` });
    expect((await login()).code).toBe(1);
    stranger.answers['/api/sign-in'] = sends({ authority: 7, scope: 'api://own/user' });
    expect((await login()).code).toBe(1);
    expect(existsSync(file())).toBe(false);
  });

  it('leads to the Azure CLI’s own words where that cannot sign in, and to 4 where there is none', async () => {
    stranger.answers['/api/sign-in'] = sends({ authority: offer.authority, scope: 'api://own/user' });
    expect(await login()).toMatchObject({ code: 4, stderr: expect.stringContaining('there is no Azure CLI') });
    await withAz(home, 'none', 1);
    const refused = await run(['me', '--url', stranger.url]);
    expect([refused.code, refused.stderr]).toEqual([
      4,
      expect.stringContaining(String.raw`AADSTS65001: \u001b[31mnot consented`),
    ]);
    expect(tokensAt(stranger)).toEqual([]);
  });
});
