import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches, postsByCheck } from '../support/faults/invariants.ts';
import { ioLabels, labelsOf } from '../support/faults/io-labels.ts';
import { until } from '../support/until.ts';
import { ownAccount } from '../support/run/own-account.ts';

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterAll(() => azure.stop());

interface Point {
  /** Also the check's idempotency key. */
  readonly name: string;
  readonly label: string;
  readonly stage: 'before' | 'after';
}

/** What a worker asks of storage and ARM for one check, once it is accepted. */
async function undisturbed(): Promise<string[]> {
  const app = await azure.start();
  for (const key of ['first', 'undisturbed']) {
    expect((await azure.ask(app, key)).status).toBe(202);
    await azure.settle(app);
  }
  await azure.handled();
  await app.stop();
  const labels = labelsOf(azure.checkIdOf('undisturbed'), azure.trace.log);
  // What is looked up for one check is kept for the others, a receipt is not known before it is answered, and the note
  // of runs is read for no check in particular.
  return labels.slice(labels.indexOf('send 1')).filter((label) => !/^(look up|receive|read note)/.test(label));
}

/** Holds up each request that a point names until its check has been canceled through another process. */
function cancelAt(points: readonly Point[], canceled: Map<string, number>, other: () => FaultyApp): Decide {
  const byCheck = new Map(
    points.map((point) => {
      const id = azure.checkIdOf(point.name);
      return [id, { ...point, labelOf: ioLabels(id) }];
    }),
  );
  return async (io, stage) => {
    for (const point of io.checkIds.flatMap((id) => byCheck.get(id) ?? [])) {
      if (point.labelOf(io) !== point.label || point.stage !== stage || canceled.has(point.name)) continue;
      canceled.set(point.name, 0);
      canceled.set(point.name, await azure.cancel(other(), point.name));
    }
    return undefined;
  };
}

it('a check can be canceled at every point of its life, and then it is canceled or had ended', async () => {
  const labels = await undisturbed();
  const stages = ['before', 'after'] as const;
  const points = labels.flatMap((label) => stages.map((stage) => ({ label, stage, name: `${stage} ${label}` })));
  const canceled = new Map<string, number>();
  // The work is left to the process whose requests are held up.
  const other = await azure.start({
    decide: ({ operation }) => (operation === 'receive' ? { kind: 'drop' } : undefined),
  });
  const app = await azure.start({ decide: cancelAt(points, canceled, () => other) });
  // Each from a destination of its own, or Azure would be busy with one of them.
  for (const [i, { name }] of points.entries()) {
    const asked = await azure.ask(app, name, { destination: { address: `10.60.0.${i}`, port: 443 } });
    expect(asked.status).toBe(202);
  }
  const missed = () => points.filter(({ name }) => !((canceled.get(name) ?? 0) > 0)).map(({ name }) => name);
  await until('every canceling', 60, () => missed().length === 0).catch((error: unknown) => {
    throw new Error(`Not canceled: ${missed().join()}`, { cause: error });
  });
  const stored = await azure.settle(app);
  await azure.handled();

  const posts = postsByCheck(azure.trace.log);
  const endings = points.map(({ name }) => {
    const id = azure.checkIdOf(name);
    return {
      name,
      answer: canceled.get(name),
      status: stored.checks.get(id)?.status,
      posts: posts.get(id)?.length ?? 0,
    };
  });
  // The two answers of a cancel, and what each promises.
  expect(endings.filter(({ answer }) => answer !== 200 && answer !== 409)).toEqual([]);
  expect(endings.filter(({ answer, status }) => (answer === 200) !== (status === 'Canceled'))).toEqual([]);
  // Canceled before its claim, nothing of it goes to ARM; canceled afterwards, nothing goes there again.
  expect(endings.find(({ name }) => name === 'before transaction 2')).toMatchObject({ answer: 200, posts: 0 });
  expect(endings.find(({ name }) => name === 'before begin 1')).toMatchObject({ answer: 200, posts: 1 });
  expect(endings.find(({ name }) => name === 'after begin 1')).toMatchObject({ answer: 200, posts: 1 });
  expect(endings.filter((ending) => ending.posts > 1)).toEqual([]);
  expect(endings.filter(({ answer }) => answer === 409).length).toBeGreaterThan(0);
  const accepted = points.map(({ name }) => azure.checkIdOf(name));
  expect(breaches({ accepted, stored, log: azure.trace.log })).toEqual([]);
  console.log(`canceled at ${points.length} points, invariants I1 to I5 held at each`);
}, 480_000);
