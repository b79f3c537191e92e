// Makes dist/, the folder that is deployed: one CommonJS bundle (the fastest to load), its source map, host.json, a
// package.json that names the entry, the page, and the client, which the app serves and the npm package exports, with its
// types.
import { build } from 'esbuild';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { clientTypes } from './client-types.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}dist`;
const { name, version, engines } = JSON.parse(await readFile(`${root}package.json`, 'utf8'));

/** Half of zod are its messages in other languages, which take as long to read as all that the CLI does. */
const noTranslations = {
  name: 'no translations',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {};' }));
  },
};

/** The library of MCP brings a validator for forms that tools ask by, which is more than half of it. No tool of ours does. */
const noFormValidator = {
  name: 'no form validator',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@modelcontextprotocol[\\/]server[\\/]dist[\\/]shimsNode\.[cm]js$/ }, () => ({
      contents: "export { default as process } from 'node:process'; export class DefaultJsonSchemaValidator {}",
    }));
  },
};

await rm(out, { recursive: true, force: true });
await mkdir(out);
await build({
  entryPoints: [`${root}src/main.ts`],
  outfile: `${out}/main.js`,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // A third faster to load; the source map says where an error was.
  minify: true,
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  // The Functions worker supplies this module at run time; it is in no registry.
  external: ['@azure/functions-core'],
  // @azure/storage-common reads import.meta.url, which a CommonJS bundle lacks.
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  plugins: [noTranslations, noFormValidator],
});
await build({
  entryPoints: [`${root}src/client/client.ts`],
  outfile: `${out}/client.mjs`,
  bundle: true,
  platform: 'neutral',
  format: 'esm',
  target: 'es2022',
  // Not made smaller: the place of an uncaught error is a line that a person can read.
  legalComments: 'none',
  logLevel: 'warning',
});
await writeFile(`${out}/client.d.mts`, await clientTypes(root));
await build({
  entryPoints: [`${root}src/cli/main.ts`],
  outfile: `${out}/netcheck.mjs`,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { NETCHECK_VERSION: JSON.stringify(version) },
  banner: { js: '#!/usr/bin/env node' },
  plugins: [noTranslations],
});
await build({
  // Its style is what its parts import.
  entryPoints: { page: `${root}src/page/main.tsx` },
  outdir: out,
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
  define: { NETCHECK_VERSION: JSON.stringify(version) },
});
for (const file of ['page.html', 'icon.svg']) await copyFile(`${root}src/page/${file}`, `${out}/${file}`);
await chmod(`${out}/netcheck.mjs`, 0o755);
await copyFile(`${root}host.json`, `${out}/host.json`);
await writeFile(`${out}/package.json`, `${JSON.stringify({ name, version, engines, main: 'main.js' }, null, 2)}\n`);
