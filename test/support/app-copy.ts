import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type App, startApp } from './start-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface AppCopy {
  /** `nodeArguments` come before the program. */
  start(settings: Readonly<Record<string, string>>, nodeArguments?: readonly string[]): Promise<App>;
  remove(): Promise<void>;
}

/**
 * The built app in a folder of its own, so that a build meanwhile does no harm, and its local host as one file, which
 * starts in half the time. `queues` goes over host.json's; unless told otherwise an idle queue is asked every 100 ms.
 */
export async function copyApp(queues: object = {}): Promise<AppCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'app-'));
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const hostJson = JSON.parse(await readFile(join(root, 'host.json'), 'utf8'));
  const changed = { ...hostJson.extensions.queues, maxPollingInterval: '00:00:00.100', ...queues };
  hostJson.extensions.queues = changed;
  await writeFile(join(folder, 'dist/host.json'), JSON.stringify(hostJson));
  // As deep in its folder as the source is, because it looks for `dist` from there.
  const program = join(folder, 'stand-ins/main.mjs');
  await build({
    entryPoints: [join(root, 'stand-ins/main.ts')],
    outfile: program,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return {
    start: (settings, nodeArguments = []) => startApp(settings, process.execPath, [...nodeArguments, program]),
    remove: () => rm(folder, { recursive: true }),
  };
}
