import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import { until } from '../support/until.ts';
import { ownAccount } from '../support/run/own-account.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount(), { speed: 5 });
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

it('a pause keeps everything from Azure, loses nothing, and what ran goes on afterwards', async () => {
  const keys = ['running', 'waiting'];
  const [running, waiting] = keys.map(azure.checkIdOf);
  const isRunning = async (): Promise<boolean> => (await azure.state()).checks.get(running!)?.status === 'Running';
  const first = await azure.start();
  await azure.ask(first, 'running');
  await until('the operation to run', 20, isRunning);
  await first.kill();
  // Accepted by a process that does not come to work on it.
  const second = await azure.start({
    decide: ({ operation }) => (operation === 'receive' ? { kind: 'drop' } : undefined),
  });
  await azure.ask(second, 'waiting', { destination: { address: '10.62.0.1', port: 443 } });
  await second.kill();

  const asked = azure.azure.arm.requests.length;
  const paused = await azure.start({ settings: { PAUSED: 'true' }, clock: { shiftSeconds: 125 } });
  expect((await azure.ask(paused, 'new')).status).toBe(503);
  await paused.sweep();
  await azure.redeliver();
  await until('both messages to be put aside', 30, () =>
    [running, waiting].every((id) => paused.log.some((line) => line.includes(id!) && line.includes('paused'))),
  );
  expect(azure.azure.arm.requests).toHaveLength(asked);
  const during = await azure.state();
  expect([...during.checks.values()].map(({ status }) => status).sort()).toEqual(['NotStarted', 'Running']);
  await paused.stop();

  const again = await azure.start({ clock: { shiftSeconds: 250 } });
  const stored = await azure.settle(again);
  expect([running, waiting].map((id) => stored.checks.get(id!)?.status)).toEqual(['Succeeded', 'Succeeded']);
  // The one that ran was not begun anew.
  expect(stored.checks.get(running!)?.attempts).toBe(1);
  expect(stored.checks.size).toBe(2);
  expect(breaches({ accepted: [running!, waiting!], stored, log: azure.trace.log })).toEqual([]);
}, 300_000);
