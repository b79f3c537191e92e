// Puts the app that is uploaded to Teams into a zip, from the settings TEAMS_APP_ID and PUBLIC_URL:
// `TEAMS_APP_ID=… PUBLIC_URL=https://proxy.example.com npm run teams-app -- [--out out]`
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { z } from 'zod';
import { isGuid } from '../src/contract/text/is-guid.ts';
import { colorIcon, outlineIcon } from './teams/icon.ts';
import { teamsManifest } from './teams/manifest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'out') } } });
const { TEAMS_APP_ID: appId = '', PUBLIC_URL: given = '' } = process.env;
const url = URL.canParse(given) ? new URL(given) : undefined;

const faults = [
  ...(isGuid(appId) ? [] : ['TEAMS_APP_ID: give the app id of the bot, a GUID']),
  ...(url?.protocol === 'https:' ? [] : ['PUBLIC_URL: give the https address of the proxy']),
];

// Equal contents make equal archives: 1980 is the first year that zip knows.
const ZIP_OPTIONS = { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 * 0x10000 } as const;

if (url && faults.length === 0) {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const manifest = teamsManifest({ appId: appId.toLowerCase(), publicUrl: url.href.replace(/\/$/, ''), version });
  const files = {
    'manifest.json': Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    'color.png': colorIcon(),
    'outline.png': outlineIcon(),
  };
  await mkdir(values.out, { recursive: true });
  const path = join(values.out, 'teams-app.zip');
  await writeFile(path, zipSync(files, ZIP_OPTIONS));
  process.stdout.write(`${path}: upload it in the Teams admin center.\n`);
} else {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exitCode = 2;
}
