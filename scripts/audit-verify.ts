// Proves the audit: `npm run audit:verify -- --from 2026-03-01 --to 2026-04-01`, or, with files alone,
// `npm run audit:verify -- --offline --export march.ndjson --checkpoints folder --public-key key.pem`.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { askApi } from './audit/ask-api.ts';
import { verifyOffline } from './audit/verify-offline.ts';
import { verifyOnline } from './audit/verify-online.ts';

const { values } = parseArgs({
  options: {
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
