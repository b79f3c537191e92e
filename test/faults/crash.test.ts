import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import type { Decide } from '../support/faults/fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import { ioLabels, labelsOf } from '../support/faults/io-labels.ts';
import { until } from '../support/until.ts';
import { ownAccount } from '../support/run/own-account.ts';

/** Past the lease of 90 s and the sweeper's grace of 30 s. */
const LATER = { shiftSeconds: 125 };

interface Point {
  readonly ending: Ending;
  /** Also the check's idempotency key. */
  readonly name: string;
  readonly label: string;
  /** The request before it; none before the first. */
  readonly previous: string | undefined;
  readonly stage: 'before' | 'after';
  readonly body: object;
}

// Each has a network watcher of its own to be found: what one process found for a neighbour is of no use to the next.
const sources = [resources.web1, resources.batch, resources.report];

const destinations = {
  shown: { address: resources.sql.address, port: 1433 },
  // Policy lets it be asked for, and denies what the answer shows: the subscription of the machine that has the address.
  withheld: { address: resources.pay1.address, port: 22 },
};
const stages = ['before', 'after'] as const;
type Ending = keyof typeof destinations;

// No two ask for the same: one would wait for another whose process has died.
const bodyOf = (ending: Ending, i: number) => ({
  source: { resourceId: sources[i % sources.length]!.id },
  destination: { ...destinations[ending], port: destinations[ending].port + i },
});

// Two halves side by side, each with storage of its own.
let halves: [FaultyAzure, FaultyAzure];
beforeAll(async () => {
  halves = await Promise.all([startFaultyAzure(ownAccount()), startFaultyAzure(ownAccount())]);
});
afterAll(() => Promise.all(halves.map((azure) => azure.stop())));

/** What one check asks of storage and ARM, from its submission to its end. The very first request makes the tables. */
async function undisturbed(azure: FaultyAzure): Promise<string[]> {
  const app = await azure.start();
  for (const [i, key] of ['first', 'undisturbed'].entries()) {
    expect((await azure.ask(app, key, bodyOf('shown', i))).status).toBe(202);
    await azure.settle(app);
  }
  await azure.handled();
  await app.stop();
  // Whose note is read is not known before it is written.
  return labelsOf(azure.checkIdOf('undisturbed'), azure.trace.log).filter((label) => !label.startsWith('read note'));
}

function pointsOf(labels: readonly string[], ending: Ending): Point[] {
  const points = labels.flatMap((label, i) => stages.map((stage) => ({ label, previous: labels[i - 1], stage })));
  return points.map((point, i) => ({
    ...point,
    ending,
    name: `${ending}: ${point.stage} ${point.label}`,
    body: bodyOf(ending, i),
  }));
}

const isFast = inject('tier') === 'fast';
const kindOf = ({ label, stage }: Point): string => `${stage} ${label.replace(/ \d+$/, '')}`;

/**
 * In memory, test/check/interruptions.test.ts lets a process die at every call of every port. What remains to be proven
 * by real kills is what a port makes of one call, and that a process that is gone is gone.
 */
function chosenPoints(labels: readonly string[]): Point[] {
  const shown = pointsOf(labels, 'shown');
  if (isFast) {
    const firsts = shown.filter((point, i) => shown.findIndex((other) => kindOf(other) === kindOf(point)) === i);
    // Before the first request, after the second, before the third …
    return firsts.filter((_, i) => i % 4 === 0 || i % 4 === 3);
  }
  // Until Azure has answered, both checks ask for the same.
  return [...shown, ...pointsOf(labels.slice(labels.indexOf('begin 1')), 'withheld')];
}

/** Ends the process at that point of that check, the first time that it comes there. */
function crashAt(point: Point, checkId: string, crash: () => void): Decide {
  const labelOf = ioLabels(checkId);
  let last: string | undefined;
  return (io, stage) => {
    const label = labelOf(io);
    // What a request for messages will bring is not known before it is answered: it is the next thing that happens.
    const isNext = io.operation === 'receive' && point.label.startsWith('receive') && last === point.previous;
    const isBefore = stage === 'before' && (label === point.label || isNext);
    // A request for messages that was under way already brings them all the same.
    const isAfter = stage === 'after' && label === point.label;
    const isHere = point.stage === 'before' ? isBefore || isAfter : isAfter;
    if (stage === 'after' && label !== undefined) last = label;
    if (!isHere) return undefined;
    crash();
    return { kind: 'drop' };
  };
}

/**
 * A process is asked for a check and dies at the point. How often it polls differs, so that a late point may not come:
 * then the check ends. Answers whether the check was accepted before, and whether it came to the crash.
 */
async function crash(azure: FaultyAzure, point: Point): Promise<{ accepted: boolean; crashed: boolean }> {
  let crashed = false;
  const kill = () => {
    crashed ||= process.kill(app.pid, 'SIGKILL');
  };
  const id = azure.checkIdOf(point.name);
  const app: FaultyApp = await azure.start({ decide: crashAt(point, id, kill) });
  const accepted = (await azure.ask(app, point.name, point.body)).status === 202;
  await until(`the crash ${point.name}`, 60, async () => crashed || (accepted && (await azure.areOver([id]))));
  await app.kill();
  return { accepted, crashed };
}

/**
 * One process after the other dies; what the last one finds is finished by one whose clock says that time has passed.
 * Answers the points that were come to.
 */
async function crashAll(azure: FaultyAzure, points: readonly Point[]): Promise<readonly Point[]> {
  const tried = [];
  for (const point of points) tried.push({ point, ...(await crash(azure, point)) });
  const accepted = tried.flatMap((each) => (each.accepted ? [each.point] : []));
  const survivor = await azure.start({ clock: LATER });
  const evidence = async (held: readonly Point[]) => ({
    accepted: held.map(({ name }) => azure.checkIdOf(name)),
    stored: await azure.settle(survivor),
    log: azure.trace.log,
  });
  expect(breaches(await evidence(accepted))).toEqual([]);

  // Whoever got no answer asks again with the same key, and messages whose host died are delivered again.
  for (const { name, body } of points) expect((await azure.ask(survivor, name, body)).status).toBe(202);
  await azure.redeliver();
  await azure.handled();
  const final = await evidence(points);
  expect(final.stored.checks.size).toBe(points.length + (azure === halves[0] ? 2 : 0));
  expect(breaches(final)).toEqual([]);
  for (const { name, ending } of points) {
    const check = final.stored.checks.get(azure.checkIdOf(name));
    const end = ending === 'shown' ? { status: 'Succeeded' } : { status: 'Failed', error: { code: 'PolicyRefused' } };
    expect(check, name).toMatchObject(end);
  }
  return tried.flatMap(({ point, crashed }) => (crashed ? [point] : []));
}

it('a crash before or after any request to storage or ARM leaves the check with exactly one end', async () => {
  const labels = await undisturbed(halves[0]);
  const points = chosenPoints(labels);
  const shares = halves.map((azure, half) => ({ azure, points: points.filter((_, i) => i % 2 === half) }));
  const crashed = (await Promise.all(shares.map((share) => crashAll(share.azure, share.points)))).flat();

  const kinds = [
    'announce',
    'append event',
    'begin',
    'delete',
    'look up',
    'note run',
    'read row',
    'receive',
    'send',
    'transaction',
  ];
  const met = new Set(crashed.map(kindOf));
  const stagesMet = kinds.map((kind) => [kind, stages.filter((stage) => met.has(`${stage} ${kind}`)).length] as const);
  expect(stagesMet.filter(([, count]) => count < (isFast ? 1 : stages.length))).toEqual([]);
  const names = crashed.map(({ name }) => name);
  console.log(`${crashed.length} crash points, invariants I1 to I5 held at each:\n${names.join(', ')}`);
}, 480_000);
