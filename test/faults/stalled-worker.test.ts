import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches, postsByCheck } from '../support/faults/invariants.ts';
import { until } from '../support/until.ts';
import { ownAccount } from '../support/run/own-account.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterEach(() => azure.endApps());
afterAll(() => azure.stop());

const STALL_SECONDS = 180;

it.each([
  { answer: 'begin', posts: 2 },
  { answer: 'poll', posts: 1 },
])(
  'a worker that stalls for three minutes with the answer to its $answer writes nothing when it wakes: the result is another’s',
  async ({ answer, posts }) => {
    const id = azure.checkIdOf(answer);
    let isStopped = false;
    const decide: Decide = (io, stage) => {
      if (isStopped || stage === 'before' || io.operation !== answer || !io.checkIds.includes(id)) return undefined;
      isStopped = process.kill(first.pid, 'SIGSTOP');
      return undefined;
    };
    const first: FaultyApp = await azure.start({ decide });
    expect((await azure.ask(first, answer)).status).toBe(202);
    await until('the stall', 60, () => isStopped);

    const other = await azure.start({ clock: { shiftSeconds: STALL_SECONDS } });
    const before = await azure.settle(other);
    process.kill(first.pid, 'SIGCONT');
    await until('the end of the stalled step', 20, () =>
      first.log.some((line) => line.includes(id) && line.includes('lost')),
    );
    const stored = await azure.state();
    expect(stored.checks.get(id)).toEqual(before.checks.get(id));
    expect(stored.checks.get(id)).toMatchObject({ status: 'Succeeded', attempts: posts });
    // By the other's clock.
    const finished = stored.events.get(id)?.at(-1);
    expect(Date.parse(finished?.event.time ?? '') - (finished?.writtenAt ?? 0)).toBeGreaterThan(100_000);
    expect(postsByCheck(azure.trace.log).get(id)).toHaveLength(posts);
    expect(breaches({ accepted: [id], stored, log: azure.trace.log })).toEqual([]);
  },
);
