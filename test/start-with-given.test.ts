import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startArmSimulator } from '../stand-ins/arm/start-arm-simulator.ts';
import { type AppCopy, copyApp } from './support/app/app-copy.ts';
import { localCheck, localToken, runLocally } from './support/app/local-check.ts';
import { processesOf } from './support/app/processes-of.ts';
import type { App } from './support/app/start-app.ts';
import { startEntra } from './support/azure/entra.ts';
import { allEvents } from './support/faults/stored-state.ts';
import { ownAccount } from './support/run/own-account.ts';

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
    const running = processesOf(copy, app.pid);
    expect(await app.stop()).toBe(0);
    expect(processesOf(copy).filter((pid) => running.includes(pid))).toEqual([]);
  }
});

afterAll(() => copy.remove());

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
    expect(processesOf(fresh, app.pid, 'azurite')).toEqual([]);
    expect(await runLocally(app)).toMatchObject({ status: 'Succeeded' });
    expect(existsSync(join(fresh.folder, '.data/0/azurite'))).toBe(false);
    await fresh.remove();
    const actions = (await allEvents(storage)).map(({ action }) => action);
    expect(actions).toEqual(['requested', 'started', 'finished']);
  });

  it('Azure that is given', async () => {
    const arm = await startArmSimulator({ speed: Infinity });
    const app = await start({ ARM_ENDPOINT: arm.url });
    expect(await runLocally(app)).toMatchObject({ status: 'Succeeded' });
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
    expect(await runLocally(app)).toMatchObject({ status: 'Succeeded' });
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
    expect(await runLocally(app, await entra.mint())).toMatchObject({ status: 'Succeeded' });
    await entra.stop();
  });

  it('a policy and an address that are given', async () => {
    const POLICY = JSON.stringify({ version: 1, rules: [{ id: 'mine', effect: 'allow' }] });
    const app = await start({ POLICY, PUBLIC_URL: 'https://proxy.example/base/' });
    const headers = { authorization: `Bearer ${await localToken(app)}`, 'content-type': 'application/json' };
    const me = (await (await fetch(`${app.url}/api/me`, { headers })).json()) as { rules: object[] };
    expect(me.rules).toEqual([{ id: 'mine', effect: 'allow' }]);
    const accepted = await fetch(`${app.url}/api/checks`, {
      method: 'POST',
      headers,
      body: JSON.stringify(localCheck),
    });
    expect(accepted.headers.get('location')).toMatch(
      /^https:\/\/proxy\.example\/base\/api\/checks\/[0-9a-f-]{36}\/result$/,
    );
  });
});
