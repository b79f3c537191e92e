import { setTimeout as sleep } from 'node:timers/promises';
import type { Decide, Fault } from './fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, startFaultyAzure } from './faulty-azure.ts';
import { breaches } from './invariants.ts';
import { openIds } from './stored-state.ts';
import { seededRandom } from '../seeded-random.ts';
import { until } from '../until.ts';

export interface ChaosOptions {
  /** Connection string of storage that is nobody else's. */
  readonly storage: string;
  readonly checks: number;
  readonly processes: number;
  /** Shares of all requests to storage and ARM, each from 0 up to 1. */
  readonly faults: { readonly droppedBefore: number; readonly executedThenDropped: number; readonly refused: number };
  /** A process is killed and another started so often. */
  readonly killEverySeconds: number;
  readonly seed: number;
  readonly withinSeconds: number;
}

export interface ChaosReport {
  readonly seconds: number;
  readonly requests: number;
  readonly faults: Readonly<Record<keyof ChaosOptions['faults'], number>>;
  readonly kills: number;
  /** How many checks ended in which status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Checks that were begun at ARM more than once. */
  readonly begunAgain: number;
  readonly breaches: readonly string[];
}

// The processes' clocks run so much faster than ours, and are swept as often by them as in Azure: a lease is over in
// seconds. What waits in the queue waits in our time.
const CLOCK_SPEED = 10;
const SWEEP_SECONDS = 60 / CLOCK_SPEED;
/** Times as fast as Azure: a check takes 2 to 3 s, a POST up to half a second. */
const SIMULATOR_SPEED = 40;
const CLIENTS = 12;
const settings = { CHECK_DEADLINE_SECONDS: '999999', QUEUE_DEADLINE_SECONDS: '999999' };

/** Accepts checks and follows them to their ends while requests fail at random and processes die. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const begun = Date.now();
  const random = seededRandom(options.seed);
  const azure = await startFaultyAzure(options.storage, { speed: SIMULATOR_SPEED });
  const faults = { droppedBefore: 0, executedThenDropped: 0, refused: 0 };
  const decide = atRandom(options.faults, faults, random);
  const start = () => azure.start({ decide, clock: { since: begun, speed: CLOCK_SPEED }, settings });
  const over = new AbortController();
  try {
    const apps = await Promise.all(Array.from({ length: options.processes }, start));
    const living = () => pick(apps, random);
    const killing = every(options.killEverySeconds, over.signal, async () => {
      const index = Math.floor(random() * apps.length);
      await apps[index]?.kill();
      apps[index] = await start();
    });
    // A process may die while it is asked; the next time another is.
    const sweeping = every(SWEEP_SECONDS, over.signal, () =>
      living()
        .sweep()
        .catch(() => undefined),
    );
    const keys = Array.from({ length: options.checks }, (_, i) => `check ${i}`);
    const ending = submitAll(azure, keys, living).then(async () => {
      await until('the end of every check', options.withinSeconds, async () => {
        await sleep(500);
        return (await openIds(azure.connectionString)).length === 0;
      });
      over.abort();
    });
    const [kills] = await Promise.all([killing, sweeping, ending]);
    return { seconds: (Date.now() - begun) / 1000, faults, kills, ...(await evidence(azure, keys)) };
  } finally {
    over.abort();
    await azure.stop();
  }
}

function atRandom(
  shares: ChaosOptions['faults'],
  counts: Record<keyof typeof shares, number>,
  random: () => number,
): Decide {
  const fail = (kind: keyof typeof shares, fault: Fault): Fault => {
    counts[kind] += 1;
    return fault;
  };
  return (_io, stage) => {
    const chance = random();
    if (stage === 'after') {
      return chance < shares.executedThenDropped ? fail('executedThenDropped', { kind: 'drop' }) : undefined;
    }
    if (chance < shares.droppedBefore) return fail('droppedBefore', { kind: 'drop' });
    if (chance < shares.droppedBefore + shares.refused) return fail('refused', { kind: 'answer', status: 503 });
    return undefined;
  };
}

/** Each key is asked for until it is accepted, by any process; each has a destination of its own, so none is busy. */
async function submitAll(azure: FaultyAzure, keys: readonly string[], living: () => FaultyApp): Promise<void> {
  const waiting = keys.map((key, i) => ({ key, address: `10.50.${i >> 8}.${i & 255}` }));
  const client = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { key, address } = next;
      const body = { destination: { address, port: 443 } };
      await until(`a 202 for ${key}`, 60, async () => (await azure.ask(living(), key, body)).status === 202);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function evidence(azure: FaultyAzure, keys: readonly string[]) {
  const stored = await azure.state();
  const statuses: Record<string, number> = {};
  for (const { status } of stored.checks.values()) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    requests: azure.trace.log.length,
    statuses,
    begunAgain: [...stored.checks.values()].filter(({ attempts }) => attempts > 1).length,
    breaches: breaches({ accepted: keys.map(azure.checkIdOf), stored, log: azure.trace.log }),
  };
}

/** Answers how often it was done. */
async function every(seconds: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<number> {
  for (let times = 0; ; times++) {
    // Rejects where the signal comes, and that is what it is for.
    await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return times;
    await work();
  }
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}
