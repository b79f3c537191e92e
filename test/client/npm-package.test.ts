import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkId } from './every-call.ts';
import { scriptedProxy } from './scripted-proxy.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = readFileSync(join(root, 'docs/client.md'), 'utf8');
const fenced = (language: string): string =>
  new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(guide)?.[1] ?? '';

describe('what npm pack makes', () => {
  let folder: string;
  const run = (program: string, ...parts: readonly string[]): string =>
    execFileSync(program, parts, { cwd: folder, encoding: 'utf8' });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'npm-'));
    mkdirSync(join(folder, 'app'));
    // What was built last is packed: a build meanwhile would disturb other tests.
    const packed = ['pack', '--ignore-scripts', '--pack-destination', folder, '--json'];
    const [{ filename }] = JSON.parse(execFileSync('npm', packed, { cwd: root, encoding: 'utf8' }));
    folder = join(folder, 'app');
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    run('npm', 'install', '--offline', '--no-audit', '--no-fund', `../${filename}`);
  });
  afterAll(() => {
    rmSync(join(folder, '..'), { recursive: true });
  });

  it('is built before it is packed', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(scripts.prepack).toBe('npm run --silent build');
  });

  it('can be installed without a network, because it needs no other package', () => {
    const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages).toEqual(['connectivity-check-proxy']);
    const files = readdirSync(join(folder, 'node_modules/connectivity-check-proxy'), { recursive: true });
    expect(files.toSorted()).toEqual([
      ...['LICENSE', 'README.md', 'dist', 'dist/client.d.mts', 'dist/client.mjs', 'dist/main.js', 'dist/netcheck.mjs'],
      'package.json',
    ]);
  });

  it('brings the command netcheck', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(run('node_modules/.bin/netcheck', 'version')).toBe(`${version}\n`);
  });

  it('runs in plain Node', async () => {
    const proxy = await scriptedProxy(({ method }) =>
      method === 'POST'
        ? { status: 202, body: { id: checkId, status: 'NotStarted' } }
        : { body: { id: checkId, status: 'Succeeded', verdict: { summary: 'It can.' } } },
    );
    const ask = `client.run({ source: { name: 'web-01' }, destination: { address: 'db.example.com', port: 5432 } })`;
    writeFileSync(join(folder, 'example.js'), `${fenced('js node')}\nconsole.log((await ${ask}).verdict.summary);\n`);
    const env = { NETCHECK_URL: proxy.url, NETCHECK_TOKEN: 'token' };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['example.js'], { cwd: folder, env });
    expect([stdout, stderr]).toEqual(['It can.\n', '']);
    await proxy.stop();
  });

  it.each([
    ['a page', { lib: ['es2022', 'dom', 'dom.iterable'], types: [] }],
    ['Node', { lib: ['es2022'], types: ['node'], typeRoots: [join(root, 'node_modules/@types')] }],
  ])('has types of its own, which strict TypeScript takes, for %s', (_where, where) => {
    const strict = { strict: true, noEmit: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
    const compilerOptions = { ...strict, target: 'es2022', module: 'nodenext', skipLibCheck: false, ...where };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
    const tsc = (text: string): string => {
      writeFileSync(join(folder, 'example.ts'), text);
      try {
        return run(process.execPath, join(root, 'node_modules/typescript/bin/tsc'));
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    };
    expect(tsc(fenced('ts'))).toBe('');
    expect(tsc(fenced('ts').replace('verdict.reachability', 'verdict.reach'))).toContain("'reach' does not exist");
  });
});
