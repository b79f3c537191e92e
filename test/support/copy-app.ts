import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const parts = ['src', 'stand-ins', 'scripts', 'dist', 'host.json', 'package.json', 'policy.sample.json'];

export interface CopiedApp {
  readonly folder: string;
  /** What node is told to run, for `startApp`. */
  readonly program: readonly string[];
  remove(): void;
}

/** The app in a folder of its own: what it keeps in `.data` is nobody else's, and its build replaces nobody's. */
export function copyApp(): CopiedApp {
  const folder = mkdtempSync(join(tmpdir(), 'connectivity-check-proxy-'));
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    program: ['--import', 'tsx', join(folder, 'stand-ins/main.ts')],
    remove: () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
