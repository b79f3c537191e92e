import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches, postsByCheck } from '../support/faults/invariants.ts';
import { ioLabels, labelsOf } from '../support/faults/io-labels.ts';
import { ownAccount } from '../support/run/own-account.ts';
import { until } from '../support/until.ts';

/** Past the lease of 90 s and the sweeper's grace of 30 s. */
const LATER = { shiftSeconds: 125 };
const stages = ['before', 'after'] as const;

interface Point {
  /** Also the idempotency key of the one who shares the run; the other's has more to it. */
  readonly name: string;
  readonly label: string;
  readonly stage: (typeof stages)[number];
  readonly body: object;
}

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterAll(() => azure.stop());

const leaderOf = (name: string): string => `${name}, the first`;
const bodyOf = (i: number) => ({
  source: { resourceId: resources.web1.id },
  destination: { address: resources.sql.address, port: 2000 + i },
});

/** Both ask the same; the second when the first has POSTed, or is about to. */
async function askBoth(app: FaultyApp, name: string, body: object): Promise<number[]> {
  const first = await azure.ask(app, leaderOf(name), body);
  return [first.status, (await azure.ask(app, name, body)).status];
}

function crashAt(checkId: string, point: Point, crash: () => void): Decide {
  const labelOf = ioLabels(checkId);
  return (io, stage) => {
    if (labelOf(io) !== point.label || stage !== point.stage) return undefined;
    crash();
    return { kind: 'drop' };
  };
}

/** How often a check waits for the other's POST differs, so that a late point may not come. One that never does ends no worse. */
const NEVER = { label: 'transaction 99', stage: 'before' } as const;

/** Both ask in a process that dies at the point. Answers whether it came to that before they ended. */
async function crash(point: Point): Promise<boolean> {
  let crashed = false;
  const kill = () => {
    crashed ||= process.kill(victim.pid, 'SIGKILL');
  };
  const ids = [leaderOf(point.name), point.name].map(azure.checkIdOf);
  const victim: FaultyApp = await azure.start({ decide: crashAt(azure.checkIdOf(point.name), point, kill) });
  const accepted = (await askBoth(victim, point.name, point.body)).every((status) => status === 202);
  // Those of earlier points wait for a process whose clock says that time has passed.
  await until(`the crash ${point.name}`, 90, async () => crashed || (accepted && (await azure.areOver(ids))));
  await victim.kill();
  return crashed;
}

it('a crash before or after any request of a check that shares a run leaves both with one end', async () => {
  const app = await azure.start();
  await azure.ask(app, 'makes the tables', bodyOf(0));
  await azure.settle(app);
  await askBoth(app, 'undisturbed', bodyOf(1));
  const undisturbed = await azure.settle(app);
  await azure.handled();
  await app.stop();
  const id = azure.checkIdOf('undisturbed');
  expect(undisturbed.checks.get(id)).toMatchObject({
    status: 'Succeeded',
    attempts: 0,
    joined: expect.any(String) as string,
  });

  // From its first step on; how its message comes and goes is no other than that of any check.
  const labels = labelsOf(id, azure.trace.log).filter(
    (label) => !/^(receive|delete|announce|read key|read note|hide)/.test(label),
  );
  const all = labels.slice(labels.indexOf('send 1') + 1).flatMap((label) => stages.map((stage) => ({ label, stage })));
  const kindOf = ({ label, stage }: Pick<Point, 'label' | 'stage'>) => `${stage} ${label.replace(/ \d+$/, '')}`;
  const chosen =
    inject('tier') === 'fast'
      ? all.filter((one, i) => all.findIndex((other) => kindOf(other) === kindOf(one)) === i)
      : all;
  const points = [...chosen, NEVER].map((one, i) => ({
    ...one,
    name: `${one.stage} ${one.label}`,
    body: bodyOf(i + 2),
  }));
  const crashed: Point[] = [];
  for (const point of points) if (await crash(point)) crashed.push(point);
  expect(crashed.length).toBeGreaterThan(6);

  const survivor = await azure.start({ clock: LATER });
  for (const { name, body } of points) expect(await askBoth(survivor, name, body)).toEqual([202, 202]);
  await azure.redeliver();
  await azure.handled();
  const stored = await azure.settle(survivor);
  const ids = points.flatMap(({ name }) => [leaderOf(name), name].map(azure.checkIdOf));
  expect(breaches({ accepted: ids, stored, log: azure.trace.log })).toEqual([]);
  expect(new Set(ids.map((each) => stored.checks.get(each)?.status))).toEqual(new Set(['Succeeded']));
  const posts = postsByCheck(azure.trace.log);
  for (const { name } of points)
    expect(
      [leaderOf(name), name].filter((key) => posts.has(azure.checkIdOf(key))),
      name,
    ).not.toEqual([]);
  console.log(
    `${crashed.length} crash points of a check that shares a run: ${crashed.map(({ name }) => name).join(', ')}`,
  );
}, 600_000);
