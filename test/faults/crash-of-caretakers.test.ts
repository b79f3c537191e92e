import { QueueClient } from '@azure/storage-queue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { resourceNames } from '../../src/triggers.ts';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import type { Io } from '../support/faults/io-trace.ts';
import { until } from '../support/until.ts';
import { ownAccount } from '../support/run/own-account.ts';

// The sweeper and the handler of poison messages may die at any request, too.

let azure: FaultyAzure;
beforeEach(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterEach(() => azure.stop());

const CHECKS = 3;
/** Past a worker's lease and the sweeper's grace: only what stands still so long can be poisoned. */
const LEASE_OVER_SECONDS = 125;
const keys = Array.from({ length: CHECKS }, (_, i) => `check ${i}`);
const ids = () => keys.map(azure.checkIdOf);

/** Nobody works: messages stay where they are. */
const isWork = ({ operation }: Io): boolean => operation === 'receive';

/** Accepts checks in a process that does not come to work on them, and loses their messages. */
async function accept(): Promise<void> {
  const app = await azure.start({ decide: (io) => (isWork(io) ? { kind: 'drop' } : undefined) });
  for (const [i, key] of keys.entries()) {
    const asked = await azure.ask(app, key, { destination: { address: `10.63.0.${i}`, port: 443 } });
    expect(asked.status).toBe(202);
  }
  await app.kill();
  await new QueueClient(azure.connectionString, resourceNames.queue).clearMessages();
}

/** Kills the process before or after its n-th request of that kind, counted from 0; does nobody's work. */
function crashAt(n: number, stage: 'before' | 'after', isOne: (io: Io) => boolean, kill: () => void): Decide {
  const seen: Io[] = [];
  return (io, at) => {
    if (isWork(io)) return { kind: 'drop' };
    if (isOne(io) && at === 'before') seen.push(io);
    if (seen.indexOf(io) !== n || at !== stage) return undefined;
    kill();
    return { kind: 'drop' };
  };
}

/** Lets a process after the other die, at each request in turn; answers how many there were. */
async function crashEverywhere(
  clockOf: (crash: number) => number,
  isOne: (io: Io) => boolean,
  begin: (app: FaultyApp) => Promise<unknown>,
  isOver: () => Promise<boolean>,
): Promise<number> {
  let crashes = 0;
  for (let n = 0; ; n++) {
    for (const stage of ['before', 'after'] as const) {
      let kills = 0;
      const kill = () => {
        if (kills++ === 0) process.kill(app.pid, 'SIGKILL');
      };
      const clock = { shiftSeconds: clockOf(crashes) };
      const app: FaultyApp = await azure.start({ decide: crashAt(n, stage, isOne, kill), clock });
      // The process may die while it is told.
      await begin(app).catch(() => undefined);
      await until(`the crash ${stage} request ${n}`, 60, async () => kills > 0 || (await isOver()));
      await app.kill();
      if (kills === 0) return crashes;
      crashes++;
    }
  }
}

it('a sweeper that dies at any request loses no check', async () => {
  await accept();
  const swept = () => azure.trace.log.filter(({ operation }) => operation === 'send').length;
  let before = 0;
  const crashes = await crashEverywhere(
    // Each sweep comes when the intervals of those before have passed.
    (crash) => 125 + crash * 1900,
    ({ service, operation, path }) => (service === 'table' && path.includes('open')) || operation === 'send',
    async (app) => {
      before = swept();
      await app.sweep();
    },
    () => Promise.resolve(swept() - before >= CHECKS),
  );
  // Four shards are asked; each check is claimed and sent.
  expect(crashes).toBeGreaterThanOrEqual(2 * (4 + 2 * CHECKS) - 2);

  await new QueueClient(azure.connectionString, resourceNames.queue).clearMessages();
  const survivor = await azure.start({
    clock: { shiftSeconds: 125 + (crashes + 1) * 1900 },
    settings: { QUEUE_DEADLINE_SECONDS: '999999' },
  });
  const stored = await azure.settle(survivor);
  expect(ids().map((id) => stored.checks.get(id)?.status)).toEqual(keys.map(() => 'Succeeded'));
  expect(breaches({ accepted: ids(), stored, log: azure.trace.log })).toEqual([]);
  console.log(`${crashes} crashes of the sweeper, invariants I1 to I5 held`);
}, 480_000);

it('a handler of poison messages that dies at any request ends its check once', async () => {
  await accept();
  const poison = new QueueClient(azure.connectionString, resourceNames.poisonQueue);
  await poison.createIfNotExists();
  const give = () =>
    Promise.all(
      ids().map((checkId) => poison.sendMessage(Buffer.from(JSON.stringify({ checkId })).toString('base64'))),
    );
  const isEmpty = async (): Promise<boolean> => (await poison.getProperties()).approximateMessagesCount === 0;
  const crashes = await crashEverywhere(
    () => LEASE_OVER_SECONDS,
    ({ operation, checkIds }) =>
      checkIds.length > 0 && !['poison receive', 'announce', 'send'].includes(operation) && operation !== 'receive',
    async () => {
      await poison.clearMessages();
      await give();
    },
    isEmpty,
  );
  expect(crashes).toBeGreaterThan(10);
  const survivor = await azure.start({
    decide: (io) => (isWork(io) ? { kind: 'drop' } : undefined),
    clock: { shiftSeconds: LEASE_OVER_SECONDS },
  });
  await poison.clearMessages();
  await give();
  const stored = await azure.settle(survivor);
  for (const id of ids()) {
    expect(stored.checks.get(id)).toMatchObject({ status: 'Failed', error: { code: 'Poisoned' } });
    expect(stored.events.get(id)?.map(({ event }) => event.action)).toEqual(['requested', 'failed']);
  }
  expect(breaches({ accepted: ids(), stored, log: azure.trace.log })).toEqual([]);
  console.log(`${crashes} crashes of the handler of poison messages, invariants I1 to I5 held`);
}, 480_000);
