// Writes the audit of a period into one file.
import { setTimeout as sleep } from 'node:timers/promises';
import { askApi } from './audit/ask-api.ts';
import { exportAudit } from './audit/export-audit.ts';
import { parseArguments } from './audit/parse-arguments.ts';

const usage = `npm run audit:export -- --out FILE [--from TIME] [--to TIME] [--url URL] [--token-file FILE] [--after POSITION]

Writes the audit of a period into one file. The access token, with the role Audit.Read, comes from CCP_TOKEN.
  --out         ends in .csv or .ndjson, and says what is written; npm run audit:verify -- --offline reads .ndjson
  --from, --to  a time or a day (its beginning, UTC), such as 2026-03-01; --from is included, --to is not
  --url         the proxy; http://127.0.0.1:7071 where it is left out
  --token-file  has the token, instead of CCP_TOKEN
  --after       goes on where an interrupted export ended, as that one told

npm run audit:export -- --from 2026-03-01 --to 2026-04-01 --out march.csv
`;

const { values } = parseArguments(usage, {
  options: {
    help: { type: 'boolean', short: 'h', default: false },
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
