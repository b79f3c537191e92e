import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until, writeApp } from './host/fixture-app.ts';

const code = `
  if (process.env.BAD) throw new Error('The settings are not usable:\\n- BAD: leave it out');
  if (process.env.TALK) {
    console.info('by the way');
    console.warn('mind \\u001b[31m this');
  }
  app.http('settings', { handler: () => ({ jsonBody: process.env }) });
  app.http('slow', { handler: () => new Promise((resolve) => setTimeout(() => resolve({ body: 'done' }), Number(process.env.SLOW_MS))) });
`;
const module = new URL('../../stand-ins/run-local.ts', import.meta.url).href;
const script = `import { runLocal } from ${JSON.stringify(module)}; await runLocal(process, process.env.ROOT);`;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'local-'));
  const app = writeApp(code);
  cpSync(app, join(root, 'dist'), { recursive: true });
  rmSync(app, { recursive: true });
  writeFileSync(join(root, 'policy.sample.json'), '{}');
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const children: ReturnType<typeof run>[] = [];
afterEach(async () => {
  for (const { child, exited } of children.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
});

function run(settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ROOT: root, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.errors += chunk.toString()));
  const exited = once(child, 'close').then(([status, signal]) => (status ?? signal) as number | string);
  return { child, output, exited };
}

/** Starts everything and gives its address and what the app found in its environment. */
async function started(settings: Record<string, string> = {}) {
  const running = run(settings);
  children.push(running);
  await until('Ready', () => running.output.text.includes('\nReady: ') || running.child.exitCode !== null);
  const url = /^Ready: (\S+)\n$/m.exec(running.output.text)?.[1] ?? running.output.errors;
  const environment = (await (await fetch(`${url}/settings`)).json()) as Record<string, string>;
  return { ...running, url, environment };
}

async function answers(url: string | undefined): Promise<boolean> {
  return fetch(url!).then(
    () => true,
    () => false,
  );
}

const queueEndpoint = (environment: Record<string, string>) =>
  /QueueEndpoint=([^;]+)/.exec(environment.AzureWebJobsStorage ?? '')?.[1];

describe('npm start', () => {
  test('stands in for all that is not given, says how to use it, and ends with 0 on Ctrl-C, leaving nothing', async () => {
    const { child, output, exited, url, environment } = await started();
    expect(environment).toMatchObject({
      AzureWebJobsStorage: expect.stringContaining('QueueEndpoint=http://127.0.0.1:') as string,
      ARM_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      IDENTITY_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) as string,
      IDENTITY_HEADER: expect.any(String) as string,
      ENTRA_AUTHORITY: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) as string,
      ENTRA_TENANT_ID: expect.any(String) as string,
      ENTRA_AUDIENCE: expect.any(String) as string,
      POLICY_FILE: join(root, 'policy.sample.json'),
      PUBLIC_URL: url,
    });
    expect(output.text).toContain(`curl -s ${url}/.local/token -d '{"user":"alice","roles":["Check.Request"]}'`);
    expect(output.text).toContain('# web-01 to 10.1.2.4:1433 (Tcp): reachable in its own network');
    const body = JSON.stringify({ user: 'alice', roles: ['Check.Request'] });
    const token = await fetch(`${url}/.local/token`, { method: 'POST', body });
    expect(await token.json()).toMatchObject({ access_token: expect.any(String) as string });

    const addresses = [url, queueEndpoint(environment), environment.ARM_ENDPOINT, environment.IDENTITY_ENDPOINT];
    expect(await Promise.all(addresses.map(answers))).toEqual([true, true, true, true]);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(await Promise.all(addresses.map(answers))).toEqual([false, false, false, false]);
    expect(output.text.endsWith(`\nReady: ${url}\n`)).toBe(true);
    expect(output.errors).toBe('');
    const path = / The log is (\.data\/0\/log\/\S+)\n/.exec(output.text)?.[1] ?? '';
    const logged = readFileSync(join(root, path), 'utf8').trim().split('\n');
    for (const line of logged) expect(JSON.parse(line)).toHaveProperty('level');
    expect(logged.join('\n')).toContain("Executed 'settings' (Succeeded)");
    expect(logged.join('\n')).toContain('Azurite Table service is successfully listening');
  });

  test('serves https beside http where HTTPS_PORT is given, says whom to trust, and has its links there', async () => {
    const { child, exited, output, environment } = await started({ HTTPS_PORT: '0' });
    const [, url = ''] = /^By https: (https:\/\/localhost:\d+)$/m.exec(output.text) ?? [];
    expect(environment.PUBLIC_URL).toBe(url);
    const [, file = ''] = /: (\/\S+https-certificate\.pem)$/m.exec(output.text) ?? [];
    const ask = (path: string, ca?: Buffer) =>
      new Promise<unknown>((resolve) => {
        request(`${url}${path}`, { agent: false, ...(ca && { ca }) }, (response) => {
          resolve(response.statusCode);
          response.resume();
        })
          .on('error', (error) => {
            resolve('code' in error ? error.code : error);
          })
          .end();
      });
    expect(await ask('/settings', readFileSync(file))).toBe(200);
    expect(await ask('/settings')).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    // The local sign-in is for this machine by https too.
    expect(await ask('/.local/token', readFileSync(file))).toBe(405);
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(await ask('/settings', readFileSync(file))).toBe('ECONNREFUSED');
  });

  test('leaves alone what is given, also an identity connection to storage', async () => {
    const given = {
      AzureWebJobsStorage__queueServiceUri: 'https://queue.example.com',
      ARM_ENDPOINT: 'https://arm.example.com',
      IDENTITY_ENDPOINT: 'http://127.0.0.1:1/identity',
      ENTRA_TENANT_ID: 'tenant',
      POLICY: '{}',
      PUBLIC_URL: 'https://proxy.example.com',
    };
    const { url, output, environment } = await started(given);
    const { AzureWebJobsStorage, IDENTITY_HEADER, ENTRA_AUTHORITY, ENTRA_AUDIENCE, POLICY_FILE } = environment;
    expect(environment).toMatchObject(given);
    expect([AzureWebJobsStorage, IDENTITY_HEADER, ENTRA_AUTHORITY, ENTRA_AUDIENCE, POLICY_FILE]).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
    expect(output.text).not.toMatch(/TOKEN|web-01|simulated/);
    expect((await fetch(`${url}/.local/token`, { method: 'POST' })).status).toBe(404);
  });

  test('lets a request under way be answered before it ends; a second signal ends it at once', async () => {
    const patient = await started({ SLOW_MS: '600' });
    const answer = fetch(`${patient.url}/slow`).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 200));
    patient.child.kill('SIGTERM');
    patient.child.kill('SIGINT');
    expect([await answer, await patient.exited]).toEqual(['done', 0]);

    const hasty = await started({ SLOW_MS: '8000' });
    const lost = answers(`${hasty.url}/slow`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    hasty.child.kill('SIGINT');
    await until('the end to begin', () => answers(hasty.url).then((still) => !still));
    // Sooner, it would be the same Ctrl-C again, as npm passes it on.
    await new Promise((resolve) => setTimeout(resolve, 400));
    const before = Date.now();
    hasty.child.kill('SIGINT');
    expect([await hasty.exited, await lost]).toEqual([130, false]);
    expect(Date.now() - before).toBeLessThan(1000);
    await until('the end of Azurite', () => answers(queueEndpoint(hasty.environment)).then((still) => !still));
  });

  test('shows what the app says of itself only where it is a warning; all of it is in the log', async () => {
    const { output } = await started({ TALK: 'yes' });
    await until('the warning', () => output.errors !== '');
    expect(output.errors).toMatch(/^\d\d:\d\d:\d\d {2}warning {2}mind \\u\{1b\}\[31m this\n$/);
    expect(output.text).not.toContain('by the way');
    const path = / The log is (\S+)\n/.exec(output.text)?.[1] ?? '';
    expect(readFileSync(join(root, path), 'utf8')).toMatch(/"by the way".*\n.*mind/);
  });

  test('leaves no storage behind when it is killed', async () => {
    const { child, exited, environment } = await started();
    child.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    await until('the end of Azurite', () => answers(queueEndpoint(environment)).then((still) => !still));
  });

  test('ends with 0 on a signal that comes while it starts, leaving nothing', async () => {
    const azurite = join(root, '.data', '0', 'azurite');
    rmSync(azurite, { recursive: true, force: true });
    const { child, exited, output } = run();
    await until('the start of Azurite', () => existsSync(azurite));
    child.kill('SIGINT');
    expect(await exited).toBe(0);
    expect(output).toEqual({ text: '', errors: '' });
    const processes = () => execFileSync('ps', ['-A', '-o', 'args']).toString();
    await until('the end of Azurite', () => !processes().includes(azurite));
  });
});

describe('npm start tells in a line and ends with 1', () => {
  test('that the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { output, exited } = run({ PORT: String(port) });
    expect(await exited).toBe(1);
    taken.close();
    const line = `Port ${port} is not free: stop what uses it, or set PORT to another one, as in PORT=${port + 1} npm start.\n`;
    expect(output).toEqual({ text: '', errors: line });
  });

  test('what the app says of its settings', async () => {
    const { output, exited } = run({ BAD: 'yes' });
    expect(await exited).toBe(1);
    expect(output).toEqual({ text: '', errors: 'The settings are not usable:\n- BAD: leave it out\n' });
  });

  test.each([
    ['ARM_ENDPOINT', 'https://management.azure.com'],
    ['AzureWebJobsStorage__tableServiceUri', 'https://account.table.core.windows.net'],
    [
      'AzureWebJobsStorage',
      'DefaultEndpointsProtocol=https;AccountName=account;AccountKey=YQ==;EndpointSuffix=core.windows.net',
    ],
    [
      'AzureWebJobsStorage',
      'AccountName=a;AccountKey=YQ==;TableEndpoint=http://127.0.0.1:1/a;QueueEndpoint=https://a.queue.example.com',
    ],
    // What is not named is where the account is.
    ...['Blob', 'Queue', 'Table'].map((missing): [string, string] => [
      'AzureWebJobsStorage',
      `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=YQ==;${['Blob', 'Queue', 'Table']
        .filter((service) => service !== missing)
        .map((service) => `${service}Endpoint=http://127.0.0.1:1/a`)
        .join(';')}`,
    ]),
    ['AzureWebJobsStorage', 'UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://storage.example.com'],
  ])('that anybody could be anybody to %s of %s', async (name, value) => {
    const { exited, output } = run({ [name]: value });
    expect(await exited).toBe(1);
    expect(output.errors).toContain(`Set ENTRA_TENANT_ID and ENTRA_AUDIENCE beside ${name}: the local sign-in`);
  });

  test('which of its own settings is no number', async () => {
    const { output, exited } = run({ PORT: '70000', SIMULATOR_SPEED: '-1' });
    expect(await exited).toBe(1);
    expect(output.errors.split('\n')).toEqual([
      'PORT must be a whole number from 0 to 65535; 0 takes a free port.',
      'SIMULATOR_SPEED must be a number above 0; 1 is as fast as Azure.',
      '',
    ]);
  });
});
