// What the proxy costs: `npm run bench`, or parts of it: `npm run bench -- --only counts,pages --json FILE`. It prints a
// table of each part, and writes all as JSON.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cli } from './cli.ts';
import { counts } from './counts.ts';
import { decisions } from './decide.ts';
import { appends } from './history/appends.ts';
import { exportCost } from './history/export.ts';
import { pages } from './history/pages.ts';
import { verification } from './history/verification.ts';
import { inFlight } from './in-flight.ts';
import { joining } from './joining.ts';
import { operations } from './operations.ts';
import { page } from './page.ts';
import { sets } from './sets.ts';
import { sources } from './sources.ts';
import { throughSdk } from './through-sdk.ts';
import { throughput } from './throughput.ts';
import { visible } from './visible.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    checks: { type: 'string', default: '5000' },
    events: { type: 'string', default: '100000' },
    json: { type: 'string', default: fileURLToPath(new URL('../.data/bench.json', import.meta.url)) },
  },
});
const [checks, events] = [Number(values.checks), Number(values.events)];

/** By name, in the order in which they run. */
const PARTS: Readonly<Record<string, () => unknown>> = {
  counts,
  operations,
  sets,
  joining,
  sources,
  cli,
  visible: () => visible(100),
  throughput: () => throughput(1200),
  'in-flight': () => inFlight(checks),
  decide: () => decisions([10, 100, 1000]),
  appends,
  pages: () => pages([1000, 10_000, 100_000]),
  export: () => exportCost(events),
  verification: () => verification(events),
  'through-sdk': throughSdk,
  page,
};
/** Those that need more than `npm ci` installs: `npm ci --prefix test/sdk`, and Chromium. */
const WHEN_ASKED = ['through-sdk', 'page'];

const wanted = values.only?.split(',') ?? Object.keys(PARTS).filter((name) => !WHEN_ASKED.includes(name));
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`${unknown.join()}: give parts among ${Object.keys(PARTS).join()}.`);

const machine = { node: process.versions.node, cores: cpus().length, date: new Date().toISOString() };
const results: Record<string, unknown> = { machine };
await mkdir(dirname(values.json), { recursive: true });
for (const [name, part] of Object.entries(PARTS)) {
  if (!wanted.includes(name)) continue;
  results[name] = await part();
  console.log(`\n${name}`);
  console.table(results[name]);
  // After each, so that what was measured outlives a part that fails.
  await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
}
console.log(`\nWritten to ${values.json}`);
