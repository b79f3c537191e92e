import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startArmSimulator } from '../stand-ins/arm/start-arm-simulator.ts';
import { type AppCopy, copyApp } from './support/app/app-copy.ts';
import { startEntra } from './support/azure/entra.ts';
import { ownAccount } from './support/run/own-account.ts';
import type { App } from './support/app/start-app.ts';
import { allEvents } from './support/faults/stored-state.ts';

const vm =
  '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01';
const body = { source: { resourceId: vm }, destination: { address: '10.1.6.1', port: 443 }, protocol: 'Tcp' };

let copy: AppCopy;
let storage: string;
const apps: App[] = [];

beforeAll(async () => {
  copy = await copyApp({ fromSources: true });
  storage = ownAccount();
});

afterEach(async () => {
  // Ends as Ctrl-C ends it, with 0, and takes with it all that it started.
  for (const app of apps.splice(0)) {
    const running = processesOf(app.pid);
    expect(await app.stop()).toBe(0);
    expect(processesOf().filter((pid) => running.includes(pid))).toEqual([]);
  }
});

afterAll(async () => {
  await copy.remove();
});

/** Every process that runs something of the copied app, or descends from `pid`; only those with `word` in their command. */
function processesOf(pid?: number, word = ''): number[] {
  const rows = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const all = rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row) ?? [])
    .map(([, own, parent, args = '']) => ({
      own: Number(own),
      parent: Number(parent),
      args,
    }));
  const found = new Set(all.filter(({ own, args }) => args.includes(copy.folder) || own === pid).map(({ own }) => own));
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const { own, parent } of all) if (found.has(parent)) found.add(own);
  }
  return all.filter(({ own, args }) => found.has(own) && args.includes(word)).map(({ own }) => own);
}

async function tokenOf(app: App): Promise<string> {
  const sent = JSON.stringify({ user: 'alice', roles: ['Check.Request'] });
  const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body: sent });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function check(app: App, token?: string): Promise<{ status: string }> {
  const headers = {
    authorization: `Bearer ${token ?? (await tokenOf(app))}`,
    'content-type': 'application/json',
    prefer: 'wait=30',
  };
  const answer = await fetch(`${app.url}/api/checks`, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as { status: string };
}

/** Why the app does not start. */
async function refusal(settings: Record<string, string>): Promise<string> {
  const app = await copy.start(settings).catch((error: unknown) => error);
  if (app instanceof Error) return app.message;
  apps.push(app as App);
  throw new Error('The app started.');
}

describe('npm start', () => {
  it('is ready with nothing given, runs a check, and leaves no process when Ctrl-C ends it with 0', async () => {
    const npm = spawn('npm', ['start'], {
      cwd: copy.folder,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', SIMULATOR_SPEED: '200' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A terminal's Ctrl-C goes to all processes of the group.
      detached: true,
    });
    npm.stderr.resume();
    const exited = once(npm, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: npm.stdout })) {
      lines.push(line);
      if (line.startsWith('Ready: ')) break;
    }
    npm.stdout.resume();
    const url = lines.at(-1)?.slice('Ready: '.length) ?? '';
    expect(lines.join('\n')).toContain(`Connectivity Check Proxy, on this machine only: ${url}`);
    expect(lines).toContain('  chats             not set up');
    expect(await check({ url } as App)).toMatchObject({ status: 'Succeeded' });

    const running = processesOf(npm.pid);
    expect(running.length).toBeGreaterThanOrEqual(3);
    process.kill(-(npm.pid ?? NaN), 'SIGINT');
    expect(await exited).toEqual([0, null]);
    expect(processesOf().filter((pid) => running.includes(pid))).toEqual([]);
    await expect(fetch(`${url}/api/health`)).rejects.toThrow();
  });

  it('does not start with unsafe settings: says all that is wrong, exits with 1, and leaves nothing running', async () => {
    const given = { ENTRA_TENANT_ID: 'tenant', ENTRA_AUDIENCE: 'audience', ENTRA_AUTHORITY: 'https://entra.example' };
    const unsafe = {
      ...given,
      ARM_ENDPOINT: 'http://management.example',
      PAUSED: 'maybe',
      POLICY: '{"version":1,"rule":[]}',
    };
    const error = await refusal(unsafe);
    expect(error).toContain('The app ended with 1 before it was ready.\n');
    expect(error).toContain('- ARM_ENDPOINT: give an https URL');
    expect(error).toContain('- PAUSED: give true or false');
    expect(error).toContain('- policy: ');
    expect(processesOf()).toEqual([]);
  });
});

describe('nothing stands in for', () => {
  async function start(settings: Record<string, string>): Promise<App> {
    const given = { AzureWebJobsStorage: storage, SIMULATOR_SPEED: '200', ...settings };
    const app = await copy.start(given);
    apps.push(app);
    return app;
  }

  it('storage that is given: no Azurite is started, and the check is kept there', async () => {
    const fresh = await copyApp({ fromSources: true });
    const app = await fresh.start({ AzureWebJobsStorage: storage });
    apps.push(app);
    expect(processesOf(app.pid, 'azurite')).toEqual([]);
    expect(await check(app)).toMatchObject({ status: 'Succeeded' });
    expect(existsSync(join(fresh.folder, '.data/0/azurite'))).toBe(false);
    await fresh.remove();
    const actions = (await allEvents(storage)).map(({ action }) => action);
    expect(actions).toEqual(['requested', 'started', 'finished']);
  });

  it('Azure that is given', async () => {
    const arm = await startArmSimulator({ speed: Infinity });
    const app = await start({ ARM_ENDPOINT: arm.url });
    expect(await check(app)).toMatchObject({ status: 'Succeeded' });
    expect(arm.counters.checks).toBe(1);
    await arm.stop();
  });

  it('a managed identity that is given', async () => {
    const asked: unknown[] = [];
    const identity = createServer((request, response) => {
      const resource = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('resource');
      asked.push([request.headers['x-identity-header'], resource]);
      const expires_on = String(Math.floor(Date.now() / 1000) + 86_400);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: 'x.y.z', expires_on, token_type: 'Bearer', resource }));
    }).listen(0, '127.0.0.1');
    await once(identity, 'listening');
    const { port } = identity.address() as AddressInfo;
    const app = await start({ IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: 'a-header' });
    expect(await check(app)).toMatchObject({ status: 'Succeeded' });
    expect(asked).toEqual([['a-header', 'https://management.azure.com']]);
    identity.close();
  });

  it('sign-in that is given: there is no /.local/token, and its tokens are taken', async () => {
    const entra = await startEntra(() => new Date());
    const app = await start({
      ENTRA_TENANT_ID: entra.tenantId,
      ENTRA_AUDIENCE: entra.audience,
      ENTRA_AUTHORITY: entra.authority,
    });
    const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body: '{"user":"alice"}' });
    expect(answer.status).toBe(404);
    expect(await check(app, await entra.mint())).toMatchObject({ status: 'Succeeded' });
    await entra.stop();
  });

  it('a policy and an address that are given', async () => {
    const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'mine', effect: 'allow' }] });
    const app = await start({ POLICY, PUBLIC_URL: 'https://proxy.example/base/' });
    const headers = { authorization: `Bearer ${await tokenOf(app)}`, 'content-type': 'application/json' };
    const me = (await (await fetch(`${app.url}/api/me`, { headers })).json()) as { rules: object[] };
    expect(me.rules).toEqual([{ id: 'mine', effect: 'allow' }]);
    const accepted = await fetch(`${app.url}/api/checks`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(accepted.headers.get('location')).toMatch(
      /^https:\/\/proxy\.example\/base\/api\/checks\/[0-9a-f-]{36}\/result$/,
    );
  });
});
