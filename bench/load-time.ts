import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { newSigningKey } from '../test/support/new-signing-key.ts';
import { quantile } from './quantile.ts';

const PROCESSES = 15;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules/.cache/bench-load-time');
const bundle = join(root, 'dist/main.js');
const unbundled = join(folder, 'main.cjs');

const environment = {
  AzureWebJobsStorage__queueServiceUri: 'https://account.queue.core.windows.net',
  AzureWebJobsStorage__tableServiceUri: 'https://account.table.core.windows.net',
  AzureWebJobsStorage__blobServiceUri: 'https://account.blob.core.windows.net',
  ENTRA_TENANT_ID: '00000000-0000-4000-8000-000000000000',
  ENTRA_AUDIENCE: 'api://connectivity-check-proxy',
  POLICY: '{"version":1,"rules":[]}',
  PUBLIC_URL: 'https://proxy.example',
  AUDIT_SIGNING_KEY: newSigningKey(),
};

/** Milliseconds that `require` takes in a fresh process; nothing is asked of any service. */
function load(file: string): number {
  const code = `const begin = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - begin);`;
  const printed = execFileSync(process.execPath, ['-e', code], {
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number(printed.trim().split('\n').at(-1));
}

function megabytes(path: string): number {
  const { size } = statSync(path);
  if (!statSync(path).isDirectory()) return size / 1e6;
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size / 1e6, 0);
}

export interface LoadTime {
  readonly what: string;
  /** Milliseconds. */
  readonly median?: number;
  readonly least?: number;
  readonly most?: number;
  readonly megabytes: number;
}

/**
 * What a cold start pays for loading the app: the bundle that is deployed against the same code with its packages left
 * outside, each loaded by plain node in processes of their own; and what is installed for it.
 */
export async function loadTime(): Promise<LoadTime[]> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(root, 'src/main.ts')],
    outfile: unbundled,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  const times = { bundle: [] as number[], unbundled: [] as number[] };
  for (let run = 0; run < PROCESSES; run++) {
    times.bundle.push(load(bundle));
    times.unbundled.push(load(unbundled));
  }
  rmSync(folder, { recursive: true });
  const installed = installedPackages();
  const size = Math.round(installed.reduce((sum, path) => sum + megabytes(path), 0) * 100) / 100;
  return [
    { what: 'bundled', ...summary(times.bundle), megabytes: Math.round(megabytes(bundle) * 100) / 100 },
    { what: 'unbundled', ...summary(times.unbundled), megabytes: size },
  ];
}

const summary = (times: readonly number[]) => ({
  median: quantile(times, 0.5),
  least: quantile(times, 0),
  most: quantile(times, 1),
});

/** Folders of all packages at run time; one within another's folder is counted with it. */
function installedPackages(): string[] {
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: root, encoding: 'utf8' });
  const all = [...new Set(listed.split('\n').filter((path) => relative(root, path).startsWith('node_modules')))];
  return all.filter((path) => !all.some((other) => path.startsWith(`${other}/`)));
}
