import { closeSync, openSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type AppCopy, copyApp } from '../support/app/app-copy.ts';
import type { App } from '../support/app/start-app.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { type Home, netcheck, newHome, start } from './netcheck.ts';

const POLICY = JSON.stringify({
  version: 1,
  endpoints: {
    web: {
      resourceId:
        '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Compute/virtualMachines/web-01',
    },
    sql: { address: '10.1.2.4', port: 1433 },
  },
  sets: {
    shop: { sources: [{ endpoint: 'web' }], destinations: [{ endpoint: 'sql' }, { address: '10.1.4.4', port: 22 }] },
  },
  rules: [
    { id: 'all', effect: 'allow' },
    { id: 'no-pci', effect: 'deny', destinations: ['10.99.0.0/16'], reason: 'ask network-security.' },
  ],
});

/** Each form is proved by the checks; all commands in both by `npm run test:all`. */
const isFast = inject('tier') === 'fast';

let copy: AppCopy;
let app: App;
let home: Home;
let env: Record<string, string>;

const token = async (user: string, roles = ['Check.Request']): Promise<string> => {
  const answer = await fetch(`${app.url}/.local/token`, { method: 'POST', body: JSON.stringify({ user, roles }) });
  return ((await answer.json()) as { access_token: string }).access_token;
};
const run = (...words: string[]) => netcheck(words, { env });
/** The one JSON document, whatever it is. */
const json = async (...words: string[]) => {
  const { code, stdout } = await run(...words, '--json');
  return { code, document: JSON.parse(stdout) };
};

beforeAll(async () => {
  copy = await copyApp();
  app = await copy.start({ AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: '500', POLICY });
  home = await newHome();
  env = { ...home.env, NETCHECK_URL: app.url, NETCHECK_TOKEN: await token('alice') };
});
afterAll(async () => {
  await app.stop();
  await copy.remove();
});

const checkDocument = { id: expect.any(String), verdict: { summary: expect.any(String) } };

describe('A check ends with', () => {
  it.each<[number, string, string, object]>([
    [0, 'reachable', 'web-01 10.1.2.4:1433', { ...checkDocument, verdict: { reachability: 'Reachable' } }],
    [0, 'reachable, by endpoints', 'web sql because INC-1042', { ...checkDocument, reason: 'INC-1042' }],
    [0, 'reachable, by the names of machines', 'web-02 sql-01:1433', checkDocument],
    [3, 'unreachable', 'web-01 10.1.4.4:22', { verdict: { reachability: 'Unreachable' } }],
    [3, 'degraded', 'web-01 10.1.6.4:445', { verdict: { reachability: 'Degraded' } }],
    [5, 'refused by policy', 'web-01 10.99.0.4:443', { error: { code: 'PolicyRefused' } }],
    [6, 'inconclusive', 'bare-01 10.1.2.4:1433', { verdict: { reachability: 'Inconclusive' } }],
    [6, 'failed', 'web-01 10.1.5.8:443', { status: 'Failed' }],
    [7, 'still running, unwaited', 'web-01 10.1.5.10:443 --no-wait', checkDocument],
    [7, 'still running in time', 'web-01 10.1.5.10:443 --timeout 1', checkDocument],
    [0, 'allowed', 'web-01 10.1.2.4:1433 --dry-run', { decision: { allowed: true } }],
    [5, 'not allowed', 'web-01 10.99.0.4:443 --dry-run', { decision: { allowed: false } }],
    [2, 'no port', 'web-01 10.1.2.4', { error: { code: 'Usage' } }],
    [2, 'an unknown option', 'web-01 10.1.2.4:1433 --bogus', { error: { code: 'Usage' } }],
    [2, 'an option of another command', 'list --dry-run', { error: { code: 'Usage' } }],
    [2, 'a source that is not there', 'nobody 10.1.2.4:1433', { error: { code: 'InvalidRequest' } }],
    [1, 'a check that is not there', 'show 00000000', { error: { code: 'NotFound' } }],
  ])('%i: %s', async (exit, _what, line, expected) => {
    const words = line.split(' ');
    const [plain, { code, document }] = await Promise.all([run(...words), json(...words)]);
    expect([plain.code, code]).toEqual([exit, exit]);
    expect(plain.stdout + plain.stderr).not.toBe('');
    expect(document).toMatchObject(expected);
  });

  it('4 where nobody is signed in, or the token is not good', async () => {
    const nobody = { ...home.env, NETCHECK_URL: app.url };
    for (const how of [nobody, { ...env, NETCHECK_TOKEN: 'a.b.c' }]) {
      const { code, stdout } = await netcheck(['me', '--json'], { env: how });
      expect([code, JSON.parse(stdout)]).toEqual([
        4,
        { error: expect.objectContaining({ message: expect.stringContaining('netcheck login') }) },
      ]);
    }
    expect((await netcheck(['me', '--token', await token('bob')], { env: nobody })).stdout).toContain('bob');
  });

  it('1 where no proxy is, and 2 where none is said or the address is none', async () => {
    const nowhere = { ...env, NETCHECK_URL: '' };
    const ended = async (url: string[]) => (await netcheck(['me', '--json', ...url], { env: nowhere })).code;
    expect(await ended(['--url', 'http://127.0.0.1:1'])).toBe(1);
    expect(await ended([])).toBe(2);
    expect(await ended(['--url', 'http://proxy.example.com'])).toBe(2);
  });
});

describe('What is said', () => {
  it('is what the words were taken for, the path, and how to come back; a typo is answered with the nearest word', async () => {
    const reachable = await run('web-02', 'sql-01:1433');
    expect(reachable.stderr).toMatch(
      /^From the source "web-02" to the machine "sql-01"\.\nCheck [0-9a-f]{8} was accepted\.\n$/,
    );
    expect(reachable.stdout).toContain('✓ Reachable  web-02 → sql-01: TCP port 1433');
    expect(reachable.stdout).toMatch(/ 1 ● web-02 \(10\.1\.1\.5\)\n/);
    expect(reachable.stdout).toMatch(/^Link {6}http:\/\/127\.0\.0\.1:\d+\/#\/checks\/[\w-]{36}$/m);
    const host = await run('web-01', 'db-of-nobody.example.com:443', '--dry-run');
    expect(host.stdout).toContain('to the host name "db-of-nobody.example.com"');
    const running = await run('web-01', '10.1.5.10:443', '--no-wait', '--quiet');
    expect(running.stderr).toBe('');
    const inJson = await run('web-01', '10.1.5.10:443', '--no-wait', '--json');
    expect(inJson.stderr).toMatch(/^To come back: netcheck show [0-9a-f]{8}$/m);
    const [, id = ''] = /To come back: netcheck show ([0-9a-f]{8})/.exec(running.stdout) ?? [];
    expect((await run('show', id)).code).toBe(7);
    expect((await run('cancel', id)).code).toBe(0);
    expect((await run('show', id)).code).toBe(6);
    expect((await run('web-o1', '10.1.2.4:1433')).stderr).toContain('Did you mean "web-01"?');
    expect((await run('shwo', id)).stderr).toContain('Or did you mean "show"?');
    expect((await run('lst')).stderr).toContain('did you mean netcheck list?');
  });

  it('has no colour outside a terminal, and nothing of a progress', async () => {
    const { stdout, stderr } = await run('web-01', '10.1.4.4:22');
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stdout).toMatch(/✗ Unreachable/);
    expect(stdout).toContain('(network team)');
  });

  it('is one JSON document also with standard input closed and standard error in a file', async () => {
    const program = fileURLToPath(new URL('../../dist/netcheck.mjs', import.meta.url));
    for (const [line, exit] of [
      ['web-01 10.1.2.4:1433', 0],
      ['web-01 10.99.0.4:443', 5],
      ['web-01', 2],
      ['login', 4],
    ] as const) {
      const file = join(home.folder, 'stderr');
      const stderr = openSync(file, 'w');
      const child = spawn(
        '/bin/sh',
        ['-c', 'exec "$0" "$@" <&-', process.execPath, program, ...line.split(' '), '--json'],
        {
          env: env,
          stdio: ['ignore', 'pipe', stderr],
        },
      );
      const code = new Promise((resolve) => child.on('exit', resolve));
      const stdout = await text(child.stdout!);
      closeSync(stderr);
      expect([line, await code]).toEqual([line, exit]);
      expect(JSON.parse(stdout)).toBeTypeOf('object');
      expect(readFileSync(file, 'utf8')).not.toContain('    at ');
    }
  });
});

describe('Ctrl-C', () => {
  it('leaves the check running, and says how to come back: 130', async () => {
    const running = start(['web-01', '10.1.5.10:443'], { env });
    await running.says('was accepted');
    running.child.kill('SIGINT');
    const { code, stderr, stdout } = await running.ended;
    expect([code, stdout]).toEqual([130, '']);
    const [, id = ''] = /Interrupted\. Check ([0-9a-f]{8}) goes on\. To come back: netcheck show \1/.exec(stderr) ?? [];
    expect((await json('show', id)).document).toMatchObject({
      id: expect.stringMatching(`^${id}`),
      status: expect.stringMatching(/^(?:NotStarted|Running)$/),
    });
    await run('cancel', id);
  });

  it('is one JSON document, too', async () => {
    const running = start(['web-01', '10.1.5.10:443', '--json'], { env });
    await running.says('was accepted');
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect([code, JSON.parse(stdout)]).toMatchObject([
      130,
      { error: { code: 'Interrupted', message: expect.stringContaining('goes on') } },
    ]);
  });
});

describe('Every other command', () => {
  it('ends with 0, in text and in JSON', async () => {
    const { document: check } = await json('web', 'sql');
    const { id } = check as { id: string };
    for (const words of [
      ['show', id.slice(0, 8)],
      ['show', id, '--timeout', '5'],
      ['again', id.slice(0, 12), 'because', 'twice'],
      ['list', '--top', '2'],
      ['compare', id, 'previous'],
      ['flow', 'web', 'sql'],
      ['flow', 'web-01', 'sql-01:1433', 'tcp'],
      ['share', id],
      ['share', id, '--undo'],
      ['endpoints'],
      ['endpoints', 'WEB'],
      ['me'],
      ['version'],
      ['--version'],
      ['help'],
      ['help', 'compare'],
      ['share', '--help'],
      ['completion', 'bash'],
      ['completion', 'zsh'],
      ['completion', 'fish'],
      ['completion', 'pwsh'],
      ['logout'],
    ]) {
      const [plain, code] = await Promise.all([run(...words), isFast ? 0 : json(...words).then((ran) => ran.code)]);
      expect([words, plain.code, plain.stderr.replace(/^Check \S+ was accepted\.\n/, '')]).toEqual([words, 0, '']);
      expect(plain.stdout).not.toBe('\n');
      expect(code).toBe(0);
    }
    expect((await json('list', '--top', '2')).document).toMatchObject({ value: [{}, {}] });
    expect((await json('endpoints', 'WEB')).document).toMatchObject({
      endpoints: [{ name: 'web' }],
      sources: expect.arrayContaining([expect.objectContaining({ name: 'web-01' })]),
    });
    expect((await json('endpoints', 'nothing-of-this')).document).toEqual({ endpoints: [], sources: [] });
  });

  it('runs a set of the policy, and a file of lines with names of machines and hosts', async () => {
    const named = await json('set', 'run', 'shop');
    expect([named.code, named.document]).toMatchObject([3, { name: 'shop', counts: { reachable: 1, unreachable: 1 } }]);
    const file = join(home.folder, 'flows.txt');
    await writeFile(file, 'web-02 sql-01:1433\nweb sql # twice\nweb-01 nowhere-to-be.example.com https\n');
    const { code, document } = await json('set', 'run', file, '--no-wait');
    expect([code, document]).toMatchObject([7, { total: 3 }]);
    const { id } = document as { id: string };
    expect((await run('set', 'show', id.slice(0, 8), '--timeout', '60')).stdout).toMatch(
      /web-02 → sql-01: TCP port 1433/,
    );
    expect((await run('set', 'list')).stdout).toContain('shop');
    expect((await run('set', 'run', 'nothing')).code).toBe(1);
  });

  it('says of the audit who did what, and proves it', async () => {
    const auditor = { ...env, NETCHECK_TOKEN: await token('erin', ['Audit.Read']) };
    const audit = (...words: string[]) => netcheck(['audit', ...words], { env: auditor });
    const listed = await audit('list', '--top', '3', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      value: [{ action: 'read', requester: { name: 'erin', agent: 'cli/0.1.0' } }, {}, {}],
    });
    const out = join(home.folder, 'all.ndjson');
    expect((await audit('export', '--out', out)).code).toBe(0);
    expect(readFileSync(out, 'utf8').split('\n').length).toBeGreaterThan(5);
    expect((await audit('export', '--out', join(home.folder, 'all.txt'))).code).toBe(2);
    const verified = await audit('verify', '--json');
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([0, { valid: true, faults: [] }]);
    expect((await run('audit', 'list')).code).toBe(5);
    expect((await audit('export')).code).toBe(2);
    expect((await audit('verify', '--offline')).code).toBe(2);
    await writeFile(join(home.folder, 'key.pem'), 'none');
    const offline = await audit(
      'verify',
      '--offline',
      '--export',
      out,
      '--checkpoints',
      home.folder,
      '--public-key',
      join(home.folder, 'key.pem'),
      '--json',
    );
    expect([offline.code, JSON.parse(offline.stdout)]).toMatchObject([
      1,
      { error: { message: expect.stringContaining('There are no checkpoints') } },
    ]);
  });
});
