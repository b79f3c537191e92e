// What a cold start pays for loading the app: `npm run build && node --import tsx bench/load-time.ts`. The bundle that is
// deployed against the same code with its packages left outside, each loaded by plain node in processes of their own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROCESSES = 15;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules/.cache/bench-load-time');
const bundle = join(root, 'dist/main.js');
const unbundled = join(folder, 'main.cjs');
const node = process.argv[2] ?? process.execPath;

const environment = {
  AzureWebJobsStorage__queueServiceUri: 'https://account.queue.core.windows.net',
  AzureWebJobsStorage__tableServiceUri: 'https://account.table.core.windows.net',
  ENTRA_TENANT_ID: '00000000-0000-4000-8000-000000000000',
  ENTRA_AUDIENCE: 'api://connectivity-check-proxy',
  POLICY: '{"version":1,"rules":[]}',
  PUBLIC_URL: 'https://proxy.example',
};

/** Milliseconds that `require` takes in a fresh process; nothing is asked of any service. */
function load(file: string): number {
  const code = `const begin = performance.now(); require(${JSON.stringify(file)}); console.log(performance.now() - begin);`;
  const printed = execFileSync(node, ['-e', code], {
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

const summary = (all: readonly number[]): string => {
  const sorted = all.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `median ${median?.toFixed(0) ?? ''} ms (${least?.toFixed(0) ?? ''}–${most?.toFixed(0) ?? ''})`;
};
const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: root, encoding: 'utf8' });
const packages = [...new Set(listed.split('\n').filter((path) => relative(root, path).startsWith('node_modules')))];
// A package within another's folder is counted with it.
const outermost = packages.filter((path) => !packages.some((other) => path.startsWith(`${other}/`)));
console.log(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}, ${PROCESSES} processes of each`);
console.log(`bundled:   ${summary(times.bundle)}, ${megabytes(bundle).toFixed(2)} MB`);
console.log(`unbundled: ${summary(times.unbundled)}`);
console.log(
  `packages at run time: ${packages.length}, ${outermost.reduce((sum, path) => sum + megabytes(path), 0).toFixed(1)} MB installed; dist: ${megabytes(join(root, 'dist')).toFixed(2)} MB`,
);
