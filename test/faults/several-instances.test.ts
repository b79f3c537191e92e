import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { hasEnded } from '../../src/check/state/check.ts';
import { type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import { ownAccount } from '../support/run/own-account.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

it('50 equal requests at once at three instances are one check with one event of the request', async () => {
  const apps = await Promise.all([azure.start(), azure.start(), azure.start()]);
  const asked = Array.from({ length: 50 }, (_, i) => azure.ask(apps[i % 3]!, 'equal'));
  expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([202]));
  const stored = await azure.settle(apps[0]!);
  const id = azure.checkIdOf('equal');
  expect([...stored.checks.keys()]).toEqual([id]);
  expect(stored.events.get(id)?.map(({ event }) => event.action)).toEqual(['requested', 'started', 'finished']);
  expect(
    azure.trace.log.filter(({ operation, checkIds }) => operation === 'begin' && checkIds.includes(id)),
  ).toHaveLength(1);
  expect(breaches({ accepted: [id], stored, log: azure.trace.log })).toEqual([]);
});

it('instances whose clocks differ by 4 s leave no check to the sweeper', async () => {
  const fast = await azure.start({ clock: { shiftSeconds: 2 } });
  const slow = await azure.start({ clock: { shiftSeconds: -2 } });
  const keys = Array.from({ length: 30 }, (_, i) => `skewed ${i}`);
  await Promise.all(
    keys.map((key, i) => azure.ask(i % 2 ? fast : slow, key, { destination: { address: `10.61.0.${i}`, port: 443 } })),
  );
  const stored = await azure.settle(fast);
  await azure.handled();
  const ids = keys.map(azure.checkIdOf);
  const statuses = ids.map((id) => stored.checks.get(id)).map((check) => check && hasEnded(check) && check.status);
  expect(new Set(statuses)).toEqual(new Set(['Succeeded']));
  // A message that is dropped as too early leaves its check to the sweeper.
  const isLeft = /\\"outcome\\":\\"early\\"|queued again/;
  const steps = [...fast.log, ...slow.log].filter((line) => line.includes('outcome'));
  expect(steps.length).toBeGreaterThan(keys.length);
  expect([...fast.log, ...slow.log].filter((line) => isLeft.test(line))).toEqual([]);
  expect(breaches({ accepted: ids, stored, log: azure.trace.log })).toEqual([]);
});
