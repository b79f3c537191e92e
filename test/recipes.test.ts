import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type AppCopy, copyApp } from './support/app/app-copy.ts';
import type { App } from './support/app/start-app.ts';
import { codeBlocks } from './support/code-blocks.ts';
import { notRun } from './support/run/not-run.ts';
import { ownAccount } from './support/run/own-account.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const blocks = (language: string) => codeBlocks('docs/recipes.md', language);
const pwsh = join(root, 'node_modules/.cache/powershell/pwsh');

/** What a recipe tests, and what it is in these tests. */
const written = { line: '10.1.2.4:1433', address: '10.1.2.4', port: '1433' };
const reachable = { ...written, code: 0, says: 'reaches 10.1.2.4' };
const closed = { line: '10.1.4.4:22', address: '10.1.4.4', port: '22', code: 3, says: 'NSG rule' };
const denied = { line: '10.99.0.4:443', address: '10.99.0.4', port: '443', code: 5, says: 'PCI' };
type Target = typeof reachable;

let folder: string;
let copy: AppCopy;
let app: App;
let token: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recipes-'));
  symlinkSync(join(root, 'test/infra/fake-az.js'), join(folder, 'az'));
  copy = await copyApp();
  app = await copy.start({ AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: '200' });
  const answer = await fetch(`${app.url}/.local/token`, {
    method: 'POST',
    body: JSON.stringify({ user: 'pipeline', roles: ['Check.Request'] }),
  });
  token = z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
  writeFileSync(join(folder, 'state.json'), JSON.stringify({ calls: [], token }));
});

afterAll(async () => {
  await app.stop();
  await copy.remove();
  rmSync(folder, { recursive: true });
});

/** Runs a recipe against a target, with what its reader is told to have. */
function run(program: string, parts: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(program, parts, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: folder,
      AZ_STATE: join(folder, 'state.json'),
      NETCHECK_URL: app.url,
      ...env,
    },
  });
  return { code: status, text: `${stdout}${stderr}` };
}

function against(target: Target, script: string): string {
  const asked = script
    .replaceAll(written.line, target.line)
    .replaceAll(`"${written.address}"`, `"${target.address}"`)
    .replaceAll(`'${written.address}'`, `'${target.address}'`)
    .replaceAll(written.port, target.port);
  return target === reachable ? script : asked;
}

const bash = (script: string, env?: Record<string, string>) => run('bash', ['-euo', 'pipefail', '-c', script], env);

const steps = z.object({ run: z.string().optional(), env: z.record(z.string(), z.string()).optional() }).array();
const workflow = z.object({ jobs: z.object({ reachable: z.object({ steps }) }) });
const task = z.object({ inputs: z.object({ inlineScript: z.string() }), env: z.record(z.string(), z.string()) });
const pipeline = z.object({ steps: task.array() });

describe.each([
  ['is reachable', reachable],
  ['is closed', closed],
  ['is denied by policy', denied],
])('where the database %s', (_what, target) => {
  const { code, says } = target;

  it('the gate in bash ends as it says', () => {
    const [gate = ''] = blocks('bash');
    const { code: ended, text } = bash(against(target, gate), { NETCHECK_TOKEN: token });
    expect([ended, text]).toEqual([code, expect.stringContaining(code === 0 ? 'The database is reachable.' : says)]);
  });

  it('the step of GitHub Actions ends as it says', () => {
    const [job = ''] = blocks('yaml');
    const step = workflow.parse(parse(job)).jobs.reachable.steps.at(-1);
    expect(Object.keys(step?.env ?? {})).toEqual(['NETCHECK_URL', 'CLIENT']);
    const { code: ended, text } = bash(against(target, step?.run ?? ''), {
      CLIENT: 'client-1',
      GITHUB_WORKFLOW: 'release',
      GITHUB_RUN_NUMBER: '7',
    });
    expect([ended, text]).toEqual([code, expect.stringContaining(says)]);
  });

  it('the step of Azure Pipelines ends as it says', () => {
    const [, steps = ''] = blocks('yaml');
    const [step] = pipeline.parse(parse(steps)).steps;
    expect(Object.keys(step?.env ?? {})).toEqual(['NETCHECK_URL', 'CLIENT']);
    const { code: ended, text } = bash(against(target, step?.inputs.inlineScript ?? ''), {
      CLIENT: 'client-1',
      BUILD_DEFINITIONNAME: 'release',
      BUILD_BUILDNUMBER: '7',
    });
    expect([ended, text]).toEqual([code, expect.stringContaining(says)]);
  });

  if (spawnSync('python3', ['--version']).status === 0) {
    it('the script in Python ends as it says', () => {
      const [script = ''] = blocks('python');
      const { code: ended, text } = run('python3', ['-c', against(target, script)], { NETCHECK_TOKEN: token });
      expect([ended, text]).toEqual([code === 5 ? 1 : code, expect.stringContaining(says)]);
    });
  } else {
    notRun('the script in Python', 'Install Python 3.');
  }

  if (existsSync(pwsh)) {
    it('the script in PowerShell ends as it says', () => {
      const [script = ''] = blocks('powershell');
      const file = join(folder, 'recipe.ps1');
      writeFileSync(file, against(target, script));
      const { code: ended, text } = run(pwsh, ['-NoProfile', '-NonInteractive', '-File', file], {
        NETCHECK_TOKEN: token,
        POWERSHELL_TELEMETRY_OPTOUT: '1',
        POWERSHELL_UPDATECHECK: 'Off',
        NO_COLOR: '1',
      });
      // PowerShell breaks the lines of an error.
      expect([ended, text.replaceAll(/\s+/g, ' ')]).toEqual([code === 5 ? 1 : code, expect.stringContaining(says)]);
    });
  } else {
    notRun('the script in PowerShell', 'Run scripts/install-powershell.sh, which needs the .NET SDK.');
  }
});

it('several flows in one call end with the worst of them', () => {
  const [, flows = ''] = blocks('bash');
  const env = { NETCHECK_TOKEN: token };
  const well = bash(flows, env);
  expect([well.code, well.text]).toEqual([0, expect.stringContaining('10.2.1.4')]);
  const worse = bash(flows.replace('10.2.1.4:22', closed.line), env);
  expect([worse.code, worse.text]).toEqual([3, expect.stringContaining(closed.says)]);
});
