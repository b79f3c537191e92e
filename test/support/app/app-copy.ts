import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type App, startApp } from './start-app.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface AppCopy {
  readonly folder: string;
  /** `nodeArguments` come before the program. */
  start(settings: Readonly<Record<string, string>>, nodeArguments?: readonly string[]): Promise<App>;
  remove(): Promise<void>;
}

interface Options {
  /** Goes over host.json's; unless told otherwise an idle queue is asked every 100 ms. */
  readonly queues?: object;
  /** What `npm start` builds and runs, in place of the local host as one file, which starts in half the time. */
  readonly fromSources?: boolean;
}

/** The built app in a folder of its own: what it keeps in `.data` is nobody else's, and a build meanwhile does no harm. */
export async function copyApp({ queues = {}, fromSources = false }: Options = {}): Promise<AppCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'app-'));
  const parts = ['dist', 'host.json', 'package.json', 'policy.sample.json'];
  const sources = fromSources ? ['src', 'stand-ins', 'scripts'] : [];
  for (const part of [...parts, ...sources]) await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await changeQueues(join(folder, 'dist/host.json'), queues);
  const program = fromSources
    ? ['--import', 'tsx', join(folder, 'stand-ins/main.ts')]
    : [await bundleHost(join(folder, 'stand-ins'))];
  return {
    folder,
    start: (settings, nodeArguments = []) =>
      startApp(settings, process.execPath, [...nodeArguments, ...program], folder),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

async function changeQueues(file: string, queues: object): Promise<void> {
  const hostJson = JSON.parse(await readFile(file, 'utf8'));
  hostJson.extensions.queues = { ...hostJson.extensions.queues, maxPollingInterval: '00:00:00.100', ...queues };
  await writeFile(file, JSON.stringify(hostJson));
}

/** As deep in its folder as the source is, because it looks for `dist` from there. */
async function bundleHost(folder: string): Promise<string> {
  const program = join(folder, 'main.mjs');
  await build({
    entryPoints: [join(root, 'stand-ins/main.ts')],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return program;
}
