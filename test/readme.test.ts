import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkViewSchema } from '../src/contract/check.ts';
import { parsePolicy } from '../src/policy/policy.ts';
import { parseLocalSettings } from '../stand-ins/local-settings.ts';
import { type AppCopy, copyApp } from './support/app/app-copy.ts';
import { ownAccount } from './support/run/own-account.ts';
import type { App } from './support/app/start-app.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');
const blocks = Array.from(readme.matchAll(/^```sh\n([^]*?)^```$/gm), ([, block = '']) => block.trim());
const quickStart = blocks.filter((block) => !block.startsWith('npm '));

describe('the quick start, run as it is written', () => {
  // At Azure's own pace it takes four minutes; the simulator at any other does the same in less time.
  const speed = inject('tier') === 'all' ? 1 : 200;
  let copy: AppCopy;
  let app: App;
  /** What each block printed. */
  const printed = new Map<string, string>();

  beforeAll(async () => {
    copy = await copyApp();
    const settings = { AzureWebJobsStorage: ownAccount(), SIMULATOR_SPEED: String(speed) };
    app = await copy.start(settings);
    const here = quickStart.map((block) => block.replace('http://localhost:7071', app.url));
    const outputs = await runInOneShell(here);
    quickStart.forEach((block, index) => printed.set(block, outputs[index] ?? ''));
  }, 420_000);

  afterAll(async () => {
    await app.stop();
    await copy.remove();
  });

  /** What the one block printed that has `words`. */
  function output(...words: string[]): string {
    const found = quickStart.filter((block) => words.every((word) => block.includes(word)));
    expect([words, found.length]).toEqual([words, 1]);
    return printed.get(found[0] ?? '') ?? '';
  }

  it('is commands that this test knows, and no others', () => {
    expect(quickStart).toHaveLength(8);
    expect(blocks.filter((block) => block.startsWith('npm '))).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  });

  it('tells who one is', () => {
    expect(JSON.parse(output('/api/me'))).toMatchObject({
      requester: { name: 'alice', kind: 'user', via: 'http' },
      roles: ['Check.Request'],
    });
  });

  it('gets the verdict that the first screen shows', () => {
    const shown = /^```json\n([^]*?)^```$/m.exec(readme)?.[1] ?? '';
    const ended = checkViewSchema.parse(JSON.parse(output('INC-1042', 'Prefer: wait=120')));
    expect(ended).toMatchObject({ status: 'Succeeded', reason: 'INC-1042' });
    expect(ended.verdict).toEqual(JSON.parse(shown));
  });

  it('asks now and looks later', () => {
    const ended = checkViewSchema.parse(JSON.parse(output('"$CHECK"', 'Prefer: wait=120')));
    expect(ended).toMatchObject({ status: 'Succeeded', request: { destination: { address: '10.1.2.4', port: 1433 } } });
    expect(ended.result).toMatchObject({ connectionStatus: 'Reachable' });
  });

  it('asks in one line', () => {
    expect(output('netcheck.mjs')).toMatch(/^✓ Reachable {2}web-01 → 10\.2\.1\.4: TCP port 22$/m);
  });

  it('tells what would be decided', () => {
    expect(JSON.parse(output('dryRun=true'))).toMatchObject({ decision: { allowed: false, rule: 'no-pci' } });
  });
});

/** What each of the commands prints, one after another in one bash, so that variables last. */
async function runInOneShell(commands: readonly string[]): Promise<string[]> {
  const mark = '\u0001\n';
  const script = commands.map((command) => `${command}\nprintf '\\001\\n'`).join('\n');
  const bash = spawn('bash', ['-euo', 'pipefail', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  bash.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const late = setTimeout(() => bash.kill('SIGKILL'), 400_000);
  expect(await once(bash, 'close')).toEqual([0, null]);
  clearTimeout(late);
  return text.split(mark).slice(0, -1);
}

describe('the policy in the README', () => {
  it('is one that the app takes', () => {
    const blocks = Array.from(readme.matchAll(/^```json\n([^]*?)^```$/gm), ([, block = '']) => block);
    expect(parsePolicy(blocks[1] ?? '')).toMatchObject({ ok: true });
  });
});

describe('docs/settings.md', () => {
  const settings = read('docs/settings.md');
  const rows = Array.from(settings.matchAll(/^\| (`[^|]+`[^|]*) \|/gm), ([, cell = '']) => cell);
  const named = rows
    .flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name))
    .filter((name) => /^(AzureWebJobsStorage(__\w+)?|[A-Z][A-Z_]+)$/.test(name));
  const code = [read('src/settings.ts'), read('stand-ins/local-settings.ts')]
    .join('\n')
    .replace(/\/\*[^]*?\*\/|\/\/.*/g, '');

  it('has the settings that the app reads, and no others', () => {
    const upper = Array.from(
      code.matchAll(/(?<![.\w])(?:[A-Z]+(?:_[A-Z]+)+|PAUSED|POLICY|PORT)(?!\w)/g),
      ([name]) => name,
    );
    // One text stands for the three services.
    expect(code).toContain('[`AzureWebJobsStorage__${service}ServiceUri`]');
    const services = /\[([^\]]*)\]\.map\(\s*\(service\)/.exec(code)?.[1] ?? '';
    const storage = Array.from(
      services.matchAll(/'(\w+)'/g),
      ([, service = '']) => `AzureWebJobsStorage__${service}ServiceUri`,
    );
    const whole = Array.from(code.matchAll(/\['(AzureWebJobsStorage\w*)'\]/g), ([, name = '']) => name);
    const known = new Set([...upper, ...storage, ...whole]);
    // The platform sets it; the table tells of it where it says what PUBLIC_URL is by default.
    expect(known.delete('WEBSITE_HOSTNAME')).toBe(true);
    expect(named.toSorted()).toEqual([...known].toSorted());
    expect(named).toContain('AzureWebJobsStorage__blobServiceUri');
  });

  it('tells their defaults', () => {
    const told = (name: string) => new RegExp(`^\\| \`${name}\` \\|.*\\| (\\d+) \\|$`, 'm').exec(settings)?.[1];
    const { port, speed } = parseLocalSettings({});
    expect([told('PORT'), told('SIMULATOR_SPEED')]).toEqual([String(port), String(speed)]);
    for (const name of ['QUEUE_DEADLINE_SECONDS', 'CHECK_DEADLINE_SECONDS']) {
      expect(code).toContain(`${name}: seconds(${told(name) ?? 'nothing'})`);
    }
  });
});
