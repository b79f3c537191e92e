import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogLine } from '../../../stand-ins/host/log.ts';
import { startHost, type HostOptions, type RunningHost } from '../../../stand-ins/host/start-host.ts';

const library = createRequire(import.meta.url).resolve('@azure/functions');

/** What a fixture's functions tell the test, through the global `seen`. */
export interface Seen {
  events: unknown[];
  running: number;
  mostRunning: number;
}

const extensionBundle = { id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.0.0, 5.0.0)' };

/** Writes a small function app, in CommonJS as a bundle is; its code has `app` and `seen`. */
export function writeApp(code: string, hostJson: object = { extensions: { http: { routePrefix: '' } } }): string {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-app-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ main: 'app.js' }));
  writeFileSync(join(folder, 'host.json'), JSON.stringify({ extensionBundle, ...hostJson }));
  const head = `const { app } = require(${JSON.stringify(library)});\nconst seen = globalThis.seen;\n`;
  writeFileSync(join(folder, 'app.js'), head + code);
  return folder;
}

/** Starts hosts of fixture apps and, at `stopAll`, ends them and removes their folders. */
export function fixtureHosts() {
  const started: { host: RunningHost; folder: string }[] = [];
  return {
    async start(code: string, options: Partial<HostOptions> = {}, hostJson?: object) {
      const seen: Seen = { events: [], running: 0, mostRunning: 0 };
      const lines: LogLine[] = [];
      Reflect.set(globalThis, 'seen', seen);
      const folder = writeApp(code, hostJson);
      const host = await startHost({ appFolder: folder, port: 0, log: (line) => lines.push(line), ...options });
      started.push({ host, folder });
      return { ...host, seen, lines };
    },
    async stopAll() {
      for (const { host, folder } of started.splice(0)) {
        await host.stop();
        rmSync(folder, { recursive: true });
      }
    },
  };
}

/** Waits until it holds; fails, naming what it waited for, after 20 s. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited 20 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
