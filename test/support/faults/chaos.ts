import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../../src/check/state/check.ts';
import type { Decide, Fault } from './fault-proxy.ts';
import { type FaultyApp, type FaultyAzure, refusedDestination, startFaultyAzure } from './faulty-azure.ts';
import { breaches } from './invariants.ts';
import { setBreaches } from './set-invariants.ts';
import { allEvents, openIds } from './stored-state.ts';
import { type StoredSets, storedSets } from './stored-sets.ts';
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
  /** Why some failed, in their own words. */
  readonly failures: readonly string[];
  /** Checks that were begun at ARM more than once. */
  readonly begunAgain: number;
  readonly sets: number;
  /** How many members of sets are checks, or ended without ever being one. */
  readonly members: Readonly<Record<'check' | 'refused' | 'canceled', number>>;
  readonly breaches: readonly string[];
}

// The processes' clocks run so much faster than ours, and are swept as often by them as in Azure: a lease is over in
// seconds. What waits in the queue waits in our time.
const CLOCK_SPEED = 10;
const SWEEP_SECONDS = 60 / CLOCK_SPEED;
/** Times as fast as Azure: a check takes 2 to 3 s, a POST up to half a second. */
const SIMULATOR_SPEED = 40;
const CLIENTS = 12;
/** A set is canceled before that. */
const LONGEST_LIFE_SECONDS = 4;
const settings = { CHECK_DEADLINE_SECONDS: '999999', QUEUE_DEADLINE_SECONDS: '999999' };

/** Accepts checks, half of them as members of sets, and follows them to their ends while requests fail at random and processes die. */
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
    const asked = askedOf(options.checks);
    const submitting = submitAll(azure, asked, living, random);
    const ending = submitting.then(async () => {
      await until('the end of every check', options.withinSeconds, async () => {
        await sleep(500);
        const { connectionString } = azure;
        return (await openIds(connectionString)).length === 0 && (await storedSets(connectionString)).open.length === 0;
      });
      over.abort();
    });
    const [sets, kills] = await Promise.all([submitting, killing, sweeping, ending]);
    const keys = asked.flatMap((one) => (one.isSet ? [] : [one.key]));
    return { seconds: (Date.now() - begun) / 1000, faults, kills, ...(await evidence(azure, keys, sets)) };
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

/** One call: a check, or several and one that policy refuses as a set. */
interface Asked {
  readonly key: string;
  readonly isSet: boolean;
  readonly destinations: readonly object[];
  /** Whether its cancellation is asked for, once it was accepted. */
  readonly isCanceled: boolean;
}

/** More than a source is given at once, so that some wait for their turn. */
const CHECKS_OF_A_SET = 7;

/** Half of the checks come as members of sets, of which every other is canceled. Each has a destination of its own, so none is busy. */
function askedOf(checks: number): readonly Asked[] {
  const asked: Asked[] = [];
  for (let first = 0; first < checks; first += CHECKS_OF_A_SET) {
    const round = first / CHECKS_OF_A_SET;
    const destinations = Array.from({ length: Math.min(CHECKS_OF_A_SET, checks - first) }, (_, i) =>
      addressOf(first + i),
    );
    const refused = { resourceId: refusedDestination, port: round + 1 };
    const isCanceled = round % 4 === 2;
    if (round % 2 === 0)
      asked.push({ key: `set ${round}`, isSet: true, destinations: [...destinations, refused], isCanceled });
    else
      destinations.forEach((destination, i) =>
        asked.push({ key: `check ${first + i}`, isSet: false, destinations: [destination], isCanceled: false }),
      );
  }
  return asked;
}

const addressOf = (i: number) => ({ address: `10.50.${i >> 8}.${i & 255}`, port: 443 });

interface AcceptedSet {
  readonly id: string;
  readonly isCanceled: boolean;
}

/** Each key is asked for until it is accepted, by any process. Answers the sets. */
async function submitAll(
  azure: FaultyAzure,
  asked: readonly Asked[],
  living: () => FaultyApp,
  random: () => number,
): Promise<readonly AcceptedSet[]> {
  const waiting = [...asked];
  const sets: AcceptedSet[] = [];
  const client = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { key, isSet, destinations, isCanceled } = next;
      if (isSet) {
        const id = await acceptedSet(azure, key, destinations, living);
        sets.push({ id, isCanceled });
        if (isCanceled) await cancelSet(azure, id, living, random);
      } else {
        const [destination] = destinations;
        await until(
          `a 202 for ${key}`,
          60,
          async () => (await azure.ask(living(), key, { destination })).status === 202,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return sets;
}

async function acceptedSet(
  azure: FaultyAzure,
  key: string,
  destinations: readonly object[],
  living: () => FaultyApp,
): Promise<string> {
  let id: string | undefined;
  await until(`a 202 for ${key}`, 120, async () => {
    id = await azure.askForSet(living(), key, destinations);
    return id !== undefined;
  });
  return id ?? '';
}

/** At some time in its life. */
async function cancelSet(azure: FaultyAzure, id: string, living: () => FaultyApp, random: () => number): Promise<void> {
  await sleep(random() * LONGEST_LIFE_SECONDS * 1000);
  await until(`the cancellation of ${id}`, 120, async () => (await azure.cancelSet(living(), id)) === 200);
}

async function evidence(azure: FaultyAzure, keys: readonly string[], sets: readonly AcceptedSet[]) {
  const [stored, kept, events] = await Promise.all([
    azure.state(),
    storedSets(azure.connectionString),
    allEvents(azure.connectionString),
  ]);
  const statuses: Record<string, number> = {};
  for (const { status } of stored.checks.values()) statuses[status] = (statuses[status] ?? 0) + 1;
  const canceled = new Set(sets.filter(({ isCanceled }) => isCanceled).map(({ id }) => id));
  const accepted = sets.map(({ id }) => id);
  return {
    requests: azure.trace.log.length,
    statuses,
    failures: [...stored.checks.values()].flatMap((check) => ('error' in check ? [whyOf(check)] : [])),
    begunAgain: [...stored.checks.values()].filter(({ attempts }) => attempts > 1).length,
    sets: sets.length,
    members: membersIn(kept),
    breaches: [
      ...breaches({ accepted: keys.map(azure.checkIdOf), stored, log: azure.trace.log }),
      ...setBreaches({ accepted, canceled, stored, storedSets: kept, events }),
    ],
  };
}

const whyOf = ({ id, error, attempts, lastError }: Extract<Check, { readonly error: unknown }>): string =>
  `${id}: ${error.code}: ${error.message} (POSTs: ${attempts}; before: ${lastError ?? 'nothing'})`;

function membersIn({ sets }: StoredSets): ChaosReport['members'] {
  const states = [...sets.values()].flatMap(({ members }) => members.map(({ state }) => state.kind));
  const count = (kind: (typeof states)[number]): number => states.filter((state) => state === kind).length;
  return { check: count('check'), refused: count('refused'), canceled: count('ended') };
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
