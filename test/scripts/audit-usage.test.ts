import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const run = async (name: string, ...given: string[]) => {
  const { scripts } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
  const [, ...args] = scripts[name]!.split(' ');
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [...args, ...given], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
};

describe.each(['audit:export', 'audit:verify'])('npm run %s', (name) => {
  it.each(['--help', '-h'])('prints its usage for %s', async (option) => {
    const { code, stdout, stderr } = await run(name, option);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^npm run ${name} -- `));
    expect(stdout).not.toMatch(/^ +at /m);
  });

  it('says what it does not understand, and its usage, without a stack trace', async () => {
    const { code, stdout, stderr } = await run(name, '--form', '2026-03-01');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Unknown option '--form'/);
    expect(stderr).toContain(`\nnpm run ${name} -- `);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
