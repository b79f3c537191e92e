// What a check costs: `npm run bench`, or parts of it: `npm run bench -- --only counts,throughput --json FILE`.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { counts } from './counts.ts';
import { inFlight } from './in-flight.ts';
import { throughput } from './throughput.ts';
import { visible } from './visible.ts';
import { waiting } from './waiting.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'counts,visible,throughput,in-flight,waiting' },
    checks: { type: 'string', default: '5000' },
    json: { type: 'string' },
  },
});
const parts = {
  counts: counts,
  visible: () => visible(100),
  throughput: () => throughput(1500),
  'in-flight': () => inFlight(Number(values.checks)),
  waiting: () => waiting(200),
};
const results: Record<string, unknown> = {};
for (const [name, part] of Object.entries(parts)) {
  if (!values.only.split(',').includes(name)) continue;
  const result = await part();
  results[name] = result;
  console.log(`\n${name}`);
  console.table(result);
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
