import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/policy.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const good = file('good.json', {
  version: 1,
  rules: [{ id: 'a', effect: 'allow', requesters: { roles: ['Chek.Request'] } }],
});
const none = file('none.json', { version: 1, rules: [] });

describe('npm run policy', () => {
  it('-- check prints the hash and the warnings, or every fault', () => {
    expect(run('check', 'policy.sample.json').status).toBe(0);
    expect(run('check', good)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /SHA-256 [0-9a-f]{64}\nrules that allow: 1.*\nwarning: rule "a" .*did you mean "Check\.Request"\?/,
      ),
    });
    const bad = run('check', file('bad.json', { version: 1, rules: [{ id: 'a', effect: 'maybe', ports: [0] }] }));
    expect([bad.status, bad.stdout]).toEqual([2, '']);
    expect(bad.stderr).toMatch(/is no policy:\n- rule "a" .*\n- rule "a" /);
  });

  it('-- test says which expectations hold, beside the policy or where told', () => {
    expect(run('test', 'policy.sample.json')).toMatchObject({ status: 0, stdout: expect.stringContaining('5 of 5 ') });
    const tests = file('good.tests.json', [{ name: 'nobody', mayNot: { destination: '10.0.0.0/8' } }]);
    expect(run('test', good)).toMatchObject({ status: 0 });
    expect(run('test', 'policy.sample.json', '--tests', tests)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^not ok {2}nobody: rule "own-network" allows 10\.0\.0\.0 /),
    });
    expect(run('test', none)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('none.tests.json cannot be read'),
    });
  });

  it('-- diff fails where somebody would be cut off', () => {
    const requester = { id: 't/o', tenantId: 't', objectId: 'o', name: 'alice', kind: 'user', via: 'http' };
    const target = {
      source: '/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/r/providers/A.B/c/d',
      destination: '10.0.0.1',
    };
    const decision = { policy: 'x', roles: ['Check.Request'], groups: [] };
    const time = '2026-11-20T10:00:00.000Z';
    const audit = file(
      'audit.ndjson',
      `${JSON.stringify({ action: 'requested', time, requester, target, decision })}\n`,
    );
    const open = file('open.json', { version: 1, rules: [{ id: 'a', effect: 'allow' }] });
    expect(run('diff', open, none, '--audit', audit)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('cut off: 1 '),
    });
    expect(run('diff', none, open, '--audit', audit)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('was not: 1 '),
    });
    expect(run('diff', none, open)).toMatchObject({ status: 2, stderr: expect.stringContaining('npm run policy') });
  });

  it('says how it is used', () => {
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run policy -- check') });
    for (const wrong of [[], ['lint'], ['check', '--quick']])
      expect(run(...wrong)).toMatchObject({ status: 2, stdout: '' });
  });
});
