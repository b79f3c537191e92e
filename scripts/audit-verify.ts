// Proves the audit, by asking the proxy or from files alone.
import { setTimeout as sleep } from 'node:timers/promises';
import { askApi } from './audit/ask-api.ts';
import { parseArguments } from './audit/parse-arguments.ts';
import { verifyOffline } from './audit/verify-offline.ts';
import { verifyOnline } from './audit/verify-online.ts';

const usage = `npm run audit:verify -- [--from TIME] [--to TIME] [--url URL] [--token-file FILE]
npm run audit:verify -- --offline --export FILE.ndjson --checkpoints FOLDER --public-key FILE [--from DAY] [--to DAY]

Proves the audit: by the proxy, whose access token, with the role Audit.Read, comes from CCP_TOKEN; or from files alone.
  --from, --to   by the proxy: times or days, --to not included; the last day where nothing is said
                 offline: days, both included; the first and the last day of the export where nothing is said
  --url          the proxy; http://127.0.0.1:7071 where it is left out
  --token-file   has the token, instead of CCP_TOKEN
  --export       what npm run audit:export wrote, as .ndjson
  --checkpoints  the blobs of the container audit-checkpoints
  --public-key   of the signing key, in PEM; several in one file, where it was rotated
Exit code: 0 proven, 2 there are faults, 1 it could not be verified.

npm run audit:verify -- --from 2026-03-01 --to 2026-04-01
`;

const { values } = parseArguments(usage, {
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    from: { type: 'string' },
    to: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:7071' },
    'token-file': { type: 'string' },
    offline: { type: 'boolean', default: false },
    export: { type: 'string' },
    checkpoints: { type: 'string' },
    'public-key': { type: 'string' },
  },
});

async function report() {
  const { from, to, offline, export: file, checkpoints, 'public-key': publicKey } = values;
  if (offline) {
    if (file === undefined || checkpoints === undefined || publicKey === undefined)
      throw new Error('Give --export, --checkpoints and --public-key.');
    return verifyOffline({ export: file, checkpoints, publicKey, from, to });
  }
  const api = await askApi({ sleep, now: () => new Date() }, { url: values.url, tokenFile: values['token-file'] });
  const until = to === undefined ? new Date() : new Date(to);
  const since = from === undefined ? new Date(until.getTime() - 86_400_000) : new Date(from);
  if (Number.isNaN(since.getTime()) || Number.isNaN(until.getTime()))
    throw new Error('Give --from and --to as days or times, such as 2026-03-01.');
  return verifyOnline(api, { from: since, to: until, progress: (text) => void process.stderr.write(`\r${text}`) });
}

try {
  const verification = await report();
  process.stderr.write('\n');
  process.stdout.write(`${JSON.stringify(verification, null, 2)}\n`);
  // 2: it was verified, and is not valid.
  if (!verification.valid) process.exitCode = 2;
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
