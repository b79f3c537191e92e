// What is left when requests fail and processes die: `npm run chaos -- --checks 1000`.
import { parseArgs } from 'node:util';
import { startAzurite } from '../stand-ins/storage/azurite.ts';
import { runChaos } from '../test/support/faults/chaos.ts';

const { values } = parseArgs({
  options: {
    checks: { type: 'string', default: '1000' },
    processes: { type: 'string', default: '3' },
    /** Per cent of all requests, for each of the three kinds of fault. */
    percent: { type: 'string', default: '5' },
    'kill-every': { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});
const share = Number(values.percent) / 100;
const checks = Number(values.checks);
const azurite = await startAzurite();
const report = await runChaos({
  storage: azurite.connectionString,
  checks,
  processes: Number(values.processes),
  faults: { droppedBefore: share, executedThenDropped: share, refused: share },
  killEverySeconds: Number(values['kill-every']),
  seed: Number(values.seed),
  withinSeconds: Math.max(600, checks),
}).finally(() => azurite.stop());
console.log(report);
process.exitCode = report.breaches.length === 0 ? 0 : 1;
