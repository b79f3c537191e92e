import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { createRunExclusive } from '../../src/check/run-exclusive.ts';
import { hasEnded, isOpen } from '../../src/check/state/check.ts';
import { step } from '../../src/check/step.ts';
import { sweep } from '../../src/check/sweep.ts';
import { Problem } from '../../src/contract/problem.ts';
import { cancelSet } from '../../src/set/cancel.ts';
import { createSet } from '../../src/set/create.ts';
import { stepSet } from '../../src/set/step.ts';
import { isRunning } from '../../src/set/state/set.ts';
import { policyOf } from '../support/memory/memory-proxy.ts';
import { asking, productOf, range, setOf, setWorld } from '../support/memory/set-world.ts';
import { numRuns } from '../support/run/num-runs.ts';

type Deps = ReturnType<typeof setWorld>['deps'];
type Stage = 'before' | 'after';

interface Interruption {
  readonly kind: 'crash' | 'fault' | 'cancel';
  /** At the how-manieth request of the story, from 0, over all of its processes. */
  readonly at: number;
  readonly stage: Stage;
}

/** Past a step's lease of 90 s and the sweeper's grace of 30 s. */
const LATER_SECONDS = 125;
const MOST_ROUNDS = 200;
const never = (): Promise<never> => new Promise(() => undefined);
const lost = { kind: 'retry', failure: { code: 'AzureFailed', message: 'The connection broke.' }, arm: {} } as const;

const policy = policyOf([
  { id: 'all', effect: 'allow' },
  { id: 'closed', effect: 'deny', ports: [22] },
]);
const asked = setOf(productOf(['a'], [22, ...range(6, 100)]), { idempotencyKey: 'story' });

/** Everything that a process asks of storage, queue and ARM, each request through `interfere`. */
function interruptible(deps: Deps, interfere: (stage: Stage) => Promise<'go on' | 'fail'>): Deps {
  const through = <P extends object>(port: P, failed: () => unknown): P =>
    new Proxy(port, {
      get(target, name): unknown {
        const call: unknown = Reflect.get(target, name);
        if (typeof call !== 'function') return call;
        return async (...given: unknown[]): Promise<unknown> => {
          if ((await interfere('before')) === 'fail') return failed();
          const answer: unknown = await Reflect.apply(call, target, given);
          return (await interfere('after')) === 'fail' ? failed() : answer;
        };
      },
    });
  const unknown = (): never => {
    throw new Problem('StorageUnavailable', 'It cannot be known what is stored.', { retryAfterSeconds: 5 });
  };
  return {
    ...deps,
    store: through(deps.store, unknown),
    audit: through(deps.audit, unknown),
    queue: through(deps.queue, unknown),
    sets: through(deps.sets, unknown),
    setQueue: through(deps.setQueue, unknown),
    watcher: through(deps.watcher, () => lost),
    knownRequests: new Map(),
    runExclusive: createRunExclusive(),
  };
}

/** A set's story: asked for until it is accepted, then worked on until it has ended. Answers how many requests that took. */
async function live(interruptions: readonly Interruption[] = [], cancels = false): Promise<number> {
  const world = setWorld({ policy, deadlines: { queueSeconds: 1e6, checkSeconds: 1e6 } });
  const where = JSON.stringify(interruptions);
  let requests = 0;
  let setId: string | undefined;
  let most = 0;

  async function run(work: (deps: Deps) => Promise<unknown>): Promise<'done' | 'crashed' | 'failed'> {
    let die: () => void = () => undefined;
    const death = new Promise<'crashed'>((resolve) => {
      die = () => {
        resolve('crashed');
      };
    });
    let isDead = false;
    const interfere = async (stage: Stage): Promise<'go on' | 'fail'> => {
      if (isDead) return never();
      if (stage === 'before') requests++;
      const here = interruptions.find(({ at, stage: when }) => at === requests - 1 && when === stage);
      if (here?.kind === 'crash') {
        isDead = true;
        die();
        return never();
      }
      if (here?.kind === 'cancel' && setId !== undefined) await cancelSet(world.deps, asking(), setId);
      return here?.kind === 'fault' ? 'fail' : 'go on';
    };
    const done = work(interruptible(world.deps, interfere)).then(
      () => 'done' as const,
      (error: unknown) => {
        if (error instanceof Problem) return 'failed' as const;
        throw error;
      },
    );
    const end = await Promise.race([done, death]);
    const sources = world.underWay().map(({ request }) => request.source.resourceId);
    most = Math.max(most, ...sources.map((source) => sources.filter((each) => each === source).length));
    return end;
  }

  const ask = async (deps: Deps): Promise<void> => {
    setId = (await createSet(deps, asking(), asked)).set.id;
  };
  while (setId === undefined) await run(ask);
  if (cancels) while ((await run((deps) => cancelSet(deps, asking(), setId ?? ''))) !== 'done');

  for (let round = 0; ; round++) {
    if (round > MOST_ROUNDS) throw new Error(`It does not end: ${where}`);
    for (const { checkId } of world.queue.sent.splice(0)) await run((deps) => step(deps, checkId));
    for (const { setId: id } of world.setQueue.sent.splice(0)) await run((deps) => stepSet(deps, id));
    if (await isOver(world, setId)) break;
    world.advance(LATER_SECONDS);
    await run((deps) => sweep({ ...deps, overdue: world.store }));
    await run((deps) => sweep({ ...deps, overdue: world.store.overdueSets, queue: deps.setQueue }));
  }

  const cancelsSome = cancels || interruptions.some(({ kind }) => kind === 'cancel');
  await expectWhole(world, setId, where, { most, cancelsSome });
  return requests;
}

async function isOver({ store, queue }: ReturnType<typeof setWorld>, setId: string): Promise<boolean> {
  const stored = await store.sets.find(setId);
  const isSettled = stored && !stored.set.open && !stored.members.some(isRunning);
  return isSettled === true && !store.rows().some(isOpen) && queue.sent.length === 0;
}

/** Every member has ended once, and is one check at most. */
async function expectWhole(
  world: ReturnType<typeof setWorld>,
  setId: string,
  where: string,
  { most, cancelsSome }: { readonly most: number; readonly cancelsSome: boolean },
): Promise<void> {
  const { counts, total, checks } = await world.view(setId);
  const rows = world.store.rows();
  expect([where, Object.values(counts).reduce((sum, count) => sum + count, 0), total]).toEqual([where, 7, 7]);
  expect([where, counts.running, counts.failed, counts.refused]).toEqual([where, 0, 0, 1]);
  // Each check belongs to one member, and each member is one check at most.
  expect([where, rows.map(({ id }) => id).toSorted()]).toEqual([
    where,
    checks.flatMap(({ id }) => id ?? []).toSorted(),
  ]);
  expect([where, rows.every(hasEnded), most <= 5]).toEqual([where, true, true]);
  for (const { id } of rows) {
    const actions = world.audit.events().flatMap(({ checkId, action }) => (checkId === id ? [action] : []));
    const once = actions.filter((action) => action !== 'started');
    expect([where, once[0], once.length]).toEqual([where, 'requested', 2]);
  }
  if (!cancelsSome) expect([where, counts.reachable]).toEqual([where, 6]);
}

const stages = ['before', 'after'] as const;

/** Of what can befall a set; what befalls one check at each of its requests is in test/check/interruptions.test.ts. */
const oneIn = inject('tier') === 'fast' ? 5 : 1;

function* points(kind: Interruption['kind'], until: number): Generator<Interruption> {
  for (let at = 0; at < until; at++)
    for (const [i, stage] of stages.entries()) if ((2 * at + i) % oneIn === 0) yield { kind, at, stage };
}

describe('each member of a set has one end', () => {
  it.each(['crash', 'fault', 'cancel'] as const)(
    'wherever in its life there is a %s',
    async (kind) => {
      const count = await live();
      for (const point of points(kind, count)) await live([point]);
    },
    240_000,
  );

  it('wherever in its cancellation a process dies or is told an error', async () => {
    const count = await live([], true);
    for (const kind of ['crash', 'fault'] as const) for (const point of points(kind, count)) await live([point], true);
  }, 240_000);

  it('whatever befalls up to five processes', async () => {
    const interruption = fc.record({
      kind: fc.constantFrom('crash', 'fault', 'cancel'),
      at: fc.nat({ max: 250 }),
      stage: fc.constantFrom(...stages),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(interruption, { minLength: 2, maxLength: 5 }),
        fc.boolean(),
        async (interruptions, cancels) => {
          await live(interruptions, cancels);
        },
      ),
      { numRuns: numRuns(200) },
    );
  }, 240_000);
});
