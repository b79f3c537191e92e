import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { azureSettings } from './support/app/azure-settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Far from the project, with no packages above it. */
const elsewhere = mkdtempSync(join(tmpdir(), 'package-'));
const app = join(elsewhere, 'dist');
const archive = join(elsewhere, 'out/app.zip');

function makePackage(policy: string, out: string, environment = {}) {
  const script = ['--import', 'tsx', 'scripts/package.ts', '--policy', policy, '--out', out];
  const env = { ...process.env, ...environment };
  return spawnSync(process.execPath, script, { cwd: root, encoding: 'utf8', env });
}

beforeAll(() => {
  const { status, stdout, stderr } = makePackage('policy.sample.json', join(elsewhere, 'out'));
  expect([status, stderr]).toEqual([0, '']);
  const sha256 = createHash('sha256')
    .update(readFileSync(join(root, 'policy.sample.json')))
    .digest('hex');
  expect(stdout).toContain(`policy.sample.json: SHA-256 ${sha256}\n`);
  console.log(stdout.trim().split(': ').at(-1));
  mkdirSync(app);
  execFileSync('unzip', ['-q', archive, '-d', app]);
});
afterAll(() => {
  rmSync(elsewhere, { recursive: true });
});

const settings = { ...azureSettings(), WEBSITE_HOSTNAME: 'proxy.example.com' };

const load = (environment: Record<string, string>) =>
  spawnSync(process.execPath, ['.'], { cwd: app, env: environment, encoding: 'utf8', timeout: 30_000 });

describe('the package', () => {
  it('has what was built and the policy, and is small', () => {
    const built = [
      ...[
        'client.d.mts',
        'client.mjs',
        'host.json',
        'icon.svg',
        'main.js',
        'main.js.map',
        'netcheck.mjs',
        'package.json',
      ],
      ...['page.css', 'page.html', 'page.js'],
    ];
    const files = [...built, 'policy.json'].sort();
    expect(readdirSync(app).sort()).toEqual(files);
    expect(readFileSync(join(app, 'policy.json'))).toEqual(readFileSync(join(root, 'policy.sample.json')));
    for (const name of built)
      expect(readFileSync(join(app, name)).equals(readFileSync(join(root, 'dist', name)))).toBe(true);
    expect(readdirSync(join(elsewhere, 'out/app')).sort()).toEqual(files);
    expect(readFileSync(join(root, 'azure.yaml'), 'utf8')).toContain('dist: out/app\n');
    expect(statSync(archive).size).toBeLessThan(1.5 * 1024 * 1024);
  });

  it('is loaded by plain Node, without any package beside it', () => {
    const { status, stderr } = load({ ...settings, POLICY_FILE: join(app, 'policy.json') });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  });

  it('does not start without its settings, and names them', () => {
    const { status, stderr } = load({});
    expect(status).toBe(1);
    for (const name of ['AzureWebJobsStorage', 'ENTRA_TENANT_ID', 'ENTRA_AUDIENCE', 'POLICY', 'PUBLIC_URL'])
      expect(stderr).toContain(`- ${name}: `);
  });

  it('runs a check by the policy in it, from its submission to its verdict', async () => {
    const policy = join(app, 'policy.json');
    const host = await startHost({ POLICY_FILE: policy, SIMULATOR_SPEED: '1000' });
    try {
      const asked = JSON.stringify({ user: 'alice', roles: ['Check.Request'] });
      const answer = await fetch(`${host.url}/.local/token`, { method: 'POST', body: asked });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = { source: { endpoint: 'web-01' }, destination: { endpoint: 'sql-01' }, protocol: 'Tcp' };
      const submitted = await fetch(`${host.url}/api/checks`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(submitted.status).toBe(202);
      const url = submitted.headers.get('operation-location') ?? '';
      const ended = await fetch(url, { headers: { ...headers, prefer: 'wait=30' } });
      expect(await ended.json()).toMatchObject({ status: 'Succeeded', verdict: { reachability: 'Reachable' } });
    } finally {
      expect(await host.stop()).toBe(0);
    }
  });

  it('is not made with a policy that the app would refuse, or without one', () => {
    const bad = join(elsewhere, 'bad.json');
    writeFileSync(bad, JSON.stringify({ version: 1, rules: [{ id: 'a', effect: 'maybe' }] }));
    const refused = makePackage(bad, join(elsewhere, 'refused'));
    expect([refused.status, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^.*bad\.json is no policy:\n- .*effect/);
    const missing = makePackage(join(elsewhere, 'none.json'), join(elsewhere, 'refused'));
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/^.*none\.json cannot be read: copy policy\.sample\.json to it .*\n$/);
    expect(readdirSync(elsewhere)).not.toContain('refused');
  });

  it('is the same, byte for byte, when it is made again, in another time zone too', () => {
    const again = join(elsewhere, 'again');
    expect(makePackage('policy.sample.json', again, { TZ: 'Pacific/Kiritimati' }).status).toBe(0);
    expect(readFileSync(join(again, 'app.zip')).equals(readFileSync(archive))).toBe(true);
  });
});

/** The local host around the unpacked app. */
async function startHost(environment: Record<string, string>) {
  const module = new URL('../stand-ins/run-local.ts', import.meta.url).href;
  const script = `import { runLocal } from ${JSON.stringify(module)}; await runLocal(process, ${JSON.stringify(elsewhere)});`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => {
      reject(new Error(errors.join('\n')));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Ready: (.*)$/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const stop = (): Promise<number | null> => {
    child.kill('SIGINT');
    return exited;
  };
  return { url, stop };
}
