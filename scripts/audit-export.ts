// Writes the audit of a period into one file: `npm run audit:export -- --from 2026-03-01 --to 2026-04-01 --out march.csv`.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { askApi } from './audit/ask-api.ts';
import { exportAudit } from './audit/export-audit.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string' },
    after: { type: 'string' },
    url: { type: 'string', default: 'http://127.0.0.1:7071' },
    'token-file': { type: 'string' },
  },
});
try {
  if (values.out === undefined) throw new Error('Give --out, a file that ends in .csv or .ndjson.');
  const api = await askApi({ sleep, now: () => new Date() }, { url: values.url, tokenFile: values['token-file'] });
  const progress = (text: string): void => void process.stderr.write(`\r${text}`);
  await exportAudit(api, { from: values.from, to: values.to, after: values.after, out: values.out, progress });
  process.stderr.write(`\n${values.out} is whole.\n`);
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
