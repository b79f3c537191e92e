// Puts what is deployed into a folder and into a zip: the built app (`npm run build` first) and the policy, which is
// refused here where the app would refuse it. `npm run package -- [--policy policy.json] [--out out]`
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { readPolicyFile } from './policy/read-policy-file.ts';
import { summaryText } from './policy/summary-text.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    policy: { type: 'string', default: join(root, 'policy.json') },
    out: { type: 'string', default: join(root, 'out') },
  },
});

// Equal contents make equal archives, in every time zone: zip knows local times only, and 1980 is its first year. A plain
// file of Unix (3) that everybody may read.
const ZIP_OPTIONS = { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 * 0x10000 } as const;

async function makePackage(): Promise<string> {
  const policy = await readPolicyFile(values.policy);
  const dist = join(root, 'dist');
  const built = (await readdir(dist)).sort().map(async (name) => ({ name, data: await readFile(join(dist, name)) }));
  const files = [...(await Promise.all(built)), { name: 'policy.json', data: policy.bytes }];
  const folder = join(values.out, 'app');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { name, data } of files) await writeFile(join(folder, name), data);
  const archive = zipSync(Object.fromEntries(files.map(({ name, data }) => [name, data])), ZIP_OPTIONS);
  await writeFile(join(values.out, 'app.zip'), archive);
  return [
    summaryText(values.policy, policy),
    `${join(values.out, 'app.zip')}: ${files.length} files, ${Math.round(archive.length / 1024)} KiB`,
  ].join('\n');
}

try {
  process.stdout.write(`${await makePackage()}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
