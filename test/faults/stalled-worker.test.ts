import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
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
  // Two questions: of one they would share a run, whose POST was by a clock three minutes ahead.
  { answer: 'begin', port: 2001, posts: 2 },
  { answer: 'poll', port: 2002, posts: 1 },
])(
  'a worker that stalls for three minutes with the answer to its $answer writes nothing when it wakes: the result is another’s',
  async ({ answer, port, posts }) => {
    const id = azure.checkIdOf(answer);
    let isStopped = false;
    const decide: Decide = (io, stage) => {
      if (isStopped || stage === 'before' || io.operation !== answer || !io.checkIds.includes(id)) return undefined;
      isStopped = process.kill(first.pid, 'SIGSTOP');
      return undefined;
    };
    const first: FaultyApp = await azure.start({ decide });
    const body = {
      source: { resourceId: resources.web1.id },
      destination: { address: resources.sql.address, port },
    };
    expect((await azure.ask(first, answer, body)).status).toBe(202);
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
