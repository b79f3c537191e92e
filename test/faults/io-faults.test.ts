import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { resources } from '../../stand-ins/arm/scenarios/resources.ts';
import { world } from '../../stand-ins/arm/scenarios/world.ts';
import type { Decide, Fault } from '../support/faults/fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from '../support/faults/faulty-azure.ts';
import { breaches } from '../support/faults/invariants.ts';
import { ioLabels, labelsOf } from '../support/faults/io-labels.ts';
import { until } from '../support/until.ts';
import { ownAccount } from '../support/run/own-account.ts';

/** Past the lease of 90 s and the sweeper's grace of 30 s. */
const LATER = { shiftSeconds: 125 };

/** Longer than the 10 s after which the clients of storage try again; ARM has a minute. */
const TOO_LATE = { kind: 'delay', milliseconds: 11_000 } as const;

const kinds: Readonly<Record<string, { readonly stage: 'before' | 'after'; readonly fault: Fault }>> = {
  'dropped before': { stage: 'before', fault: { kind: 'drop' } },
  'executed then dropped': { stage: 'after', fault: { kind: 'drop' } },
  '503': { stage: 'before', fault: { kind: 'answer', status: 503 } },
  '429': { stage: 'before', fault: { kind: 'answer', status: 429 } },
  cut: { stage: 'after', fault: { kind: 'cut' } },
  'executed late': { stage: 'before', fault: TOO_LATE },
  'answered late': { stage: 'after', fault: TOO_LATE },
};

interface Plan {
  /** Also the check's idempotency key. */
  readonly name: string;
  readonly label: string;
  readonly kind: string;
  /** Every try of that request, until the client gives it up; else only the first. */
  readonly always: boolean;
  readonly body: object;
}

// With the watcher given, nothing is looked up: what a process has looked up once it does not ask again.
const given = { source: { resourceId: resources.web1.id }, networkWatcher: world.watchers[0]!.id };
// Each has a network watcher of its own to be found.
const toFind = [resources.web1, resources.batch, resources.report].map(({ id }) => ({ source: { resourceId: id } }));

let azure: FaultyAzure;
beforeAll(async () => {
  azure = await startFaultyAzure(ownAccount());
});
afterAll(() => azure.stop());

async function undisturbed(): Promise<string[]> {
  const app = await azure.start();
  for (const [i, key] of ['first', 'undisturbed'].entries()) {
    expect((await azure.ask(app, key, toFind[i])).status).toBe(202);
    await azure.settle(app);
  }
  await azure.handled();
  await app.stop();
  // Whose note is read is not known before it is written.
  return labelsOf(azure.checkIdOf('undisturbed'), azure.trace.log).filter((label) => !label.startsWith('read note'));
}

function plansOf(labels: readonly string[]): Plan[] {
  const plans = labels.flatMap((label) =>
    Object.keys(kinds).flatMap((kind) => [false, true].map((always) => ({ label, kind, always }))),
  );
  return plans.filter(isPossible).map((plan, i) => {
    const lookUp = /look up (\d)/.exec(plan.label)?.[1];
    // No two ask for the same: they would share a run.
    const destination = { address: '10.1.2.4', port: 2000 + i };
    const body = { ...(lookUp === undefined ? given : toFind[Number(lookUp) - 1]!), destination };
    return { ...plan, name: `${plan.label} ${plan.kind}${plan.always ? ' always' : ''}`, body };
  });
}

/** In `npm test` one request for each kind of fault, another each time. */
function chosenPlans(labels: readonly string[]): Plan[] {
  const plans = plansOf(labels);
  if (inject('tier') === 'all') return plans;
  return Object.keys(kinds).flatMap((kind, i) => {
    const ofKind = plans.filter((plan) => plan.kind === kind && !isLookUp(plan) && !isReceipt(plan));
    return ofKind[(i * 5) % ofKind.length] ?? [];
  });
}

function isPossible({ label, kind, always }: Pick<Plan, 'label' | 'kind' | 'always'>): boolean {
  // Which messages a request brings is not known before, so that only its answer can be lost.
  if (label.startsWith('receive')) return kinds[kind]?.stage === 'after' && !always;
  if (kinds[kind]?.fault.kind === 'delay')
    return !always && /^(read|note|announce|append|transaction|send)/.test(label);
  // What is tried again at ARM is a step, and a request, of its own.
  return !always || !/^(look up|begin|poll)/.test(label);
}

/** Gives each check its fault; `met` takes the names of those that came to it. */
function faultsOf(plans: readonly Plan[], met: Set<string>): Decide {
  const entries = plans.map((plan) => {
    const id = azure.checkIdOf(plan.name);
    return [id, { plan, labelOf: ioLabels(id) }] as const;
  });
  const byCheck = new Map(entries);
  return (io, stage) => {
    for (const id of io.checkIds) {
      const found = byCheck.get(id);
      if (found === undefined || found.labelOf(io) !== found.plan.label) continue;
      const { name, kind, always } = found.plan;
      if (kinds[kind]?.stage !== stage || (met.has(name) && !always)) continue;
      met.add(name);
      return kinds[kind].fault;
    }
    return undefined;
  };
}

/** Asks until the check is accepted, as a client does that is told to. */
async function submit(app: FaultyApp, { name, body }: Plan): Promise<void> {
  await until(`a 202 for ${name}`, 60, async () => {
    const { status, headers } = await azure.ask(app, name, body);
    if (status !== 202)
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '5' });
    return status === 202;
  });
}

/** Lets one process meet the faults of those plans. */
async function run(
  plans: readonly Plan[],
  met: Set<string>,
  ask: (submitted: (plan: Plan) => Promise<void>) => Promise<unknown>,
): Promise<void> {
  const app = await azure.start({ decide: faultsOf(plans, met) });
  await ask((plan) => submit(app, plan));
  await until('every fault', 60, () => plans.every(({ name }) => met.has(name)));
  await app.stop();
}

const isLookUp = ({ label }: Plan): boolean => label.startsWith('look up');
const isReceipt = ({ label }: Plan): boolean => label.startsWith('receive');

async function ended({ name }: Plan): Promise<void> {
  await until(`the end of ${name}`, 30, async () => !(await azure.state()).open.includes(azure.checkIdOf(name)));
}

/** Each look-up is made by the first check of a process that needs it. */
async function runLookUps(plans: readonly Plan[], met: Set<string>): Promise<void> {
  for (const kind of new Set(plans.map((plan) => plan.kind))) {
    const ofKind = plans.filter((plan) => plan.kind === kind);
    await run(ofKind, met, (submitted) => Promise.all(ofKind.map((plan) => submitted(plan).then(() => ended(plan)))));
  }
}

/** One by one, because an answer that is lost hides whatever messages it brought. */
const runReceipts = (plans: readonly Plan[], met: Set<string>) =>
  run(plans, met, async (submitted) => {
    for (const plan of plans) {
      await submitted(plan);
      await until(plan.name, 20, () => met.has(plan.name));
    }
  });

it('any request to storage or ARM can fail in any way, and an accepted check still has exactly one end', async () => {
  const plans = chosenPlans(await undisturbed());
  const met = new Set<string>();
  await runLookUps(plans.filter(isLookUp), met);
  await runReceipts(plans.filter(isReceipt), met);
  const others = plans.filter((plan) => !isLookUp(plan) && !isReceipt(plan));
  await run(others, met, (submitted) => Promise.all(others.map(submitted)));

  const survivor = await azure.start({ clock: LATER });
  await azure.settle(survivor);
  await azure.redeliver();
  await azure.handled();
  const accepted = plans.map(({ name }) => azure.checkIdOf(name));
  const stored = await azure.settle(survivor);
  expect(breaches({ accepted, stored, log: azure.trace.log })).toEqual([]);
  const unlucky = plans.flatMap(({ name }) => {
    const check = stored.checks.get(azure.checkIdOf(name));
    return check?.status === 'Succeeded'
      ? []
      : [{ name, check: check && 'error' in check ? check.error : check?.status }];
  });
  expect(unlucky).toEqual([]);
  console.log(`${plans.length} faults of ${Object.keys(kinds).length} kinds, invariants I1 to I5 held at each`);
}, 600_000);
