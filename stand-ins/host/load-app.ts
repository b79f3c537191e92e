import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { supplyFunctionsCore } from './supply-functions-core.ts';

const packageSchema = z.object({ main: z.string() });

/**
 * Runs the CommonJS entry that the folder's package.json names; it registers its functions with `core`. Whatever it
 * throws comes through. What it loaded is forgotten again, so that it can be loaded anew in the same process.
 */
export function loadApp(appFolder: string, core: object): void {
  const manifest = join(appFolder, 'package.json');
  const { main } = packageSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const require = createRequire(manifest);
  const known = new Set(Object.keys(require.cache));
  const restore = supplyFunctionsCore(core);
  try {
    require(join(appFolder, main));
  } finally {
    restore();
    const loaded = Object.keys(require.cache).filter((path) => !known.has(path));
    for (const path of loaded) Reflect.deleteProperty(require.cache, path);
  }
}
