import { expect, inject, it } from 'vitest';
import { runChaos } from '../support/faults/chaos.ts';
import { ownAccount } from '../support/run/own-account.ts';

const isFast = inject('tier') === 'fast';
const CHECKS = isFast ? 20 : 200;
const KILL_EVERY_SECONDS = isFast ? 2 : 4;

// `npm run chaos -- --checks 1000` is the same for longer.
it('checks and sets in three processes, of which one is killed every few seconds, all end once, or are canceled, while 15 % of requests fail', async () => {
  const report = await runChaos({
    storage: ownAccount(),
    checks: CHECKS,
    processes: 3,
    faults: { droppedBefore: 0.05, executedThenDropped: 0.05, refused: 0.05 },
    killEverySeconds: KILL_EVERY_SECONDS,
    seed: 1,
    withinSeconds: 150,
  });
  console.log(report);
  expect(report.breaches).toEqual([]);
  // The processes' clocks run faster than the queue: the next POST may come after the time for which trouble is borne.
  for (const each of report.failures)
    expect(each).toMatch(/: AzureFailed: Azure Resource Manager (?:is in trouble|did not answer) /);
  const { Succeeded = 0, Canceled = 0, Failed = 0 } = report.statuses;
  expect(Failed).toBeLessThanOrEqual(Math.max(1, CHECKS / 50));
  expect(Succeeded + Canceled + Failed + report.members.canceled).toBe(CHECKS);
  expect(report.members.refused).toBe(report.sets);
  expect(Succeeded).toBeGreaterThan(CHECKS / 2);
  expect(report.kills).toBeGreaterThan(isFast ? 0 : 2);
  expect(report.faults.executedThenDropped).toBeGreaterThan(CHECKS / 2);
}, 480_000);
