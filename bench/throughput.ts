import { atATime } from './at-a-time.ts';
import { type BenchAzure, startBenchAzure, type TablesOn } from './bench-azure.ts';
import { answeredAtOnce } from './checks.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { awaitEnded } from './follow-log.ts';
import { inParallel, median } from './in-parallel.ts';

/** Checks that ARM answers at once, submitted and worked on at the same time. */
interface Run {
  /** Checks to their end in a second. */
  readonly perSecond: number;
  /** Milliseconds of the app's CPU for a check. */
  readonly cpu: number;
  readonly storageCpu: number;
  /** Of this process: ARM, the key set, and those who ask the app. */
  readonly restCpu: number;
}

export interface Throughput extends Run {
  readonly tables: TablesOn;
  readonly instances: number;
}

const WARM_UP = 50;

/** In turn, because whatever else the machine does meets them all. */
const ROUNDS = 3;

const INSTANCES = [1, 3];

/** How many checks come to their end in a second. */
export async function throughput(checks: number): Promise<Throughput[]> {
  const found: Throughput[] = [];
  for (const tables of ['table server', 'azurite'] as const) {
    const runs = INSTANCES.map(() => [] as Run[]);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, instances] of INSTANCES.entries()) {
        runs[i]!.push(await onNewStorage(tables, (azure) => ofInstances(azure, instances, checks / ROUNDS)));
      }
    }
    for (const [i, instances] of INSTANCES.entries()) {
      found.push({ tables, instances, ...medians(runs[i]!) });
    }
  }
  return found;
}

function medians(runs: readonly Run[]): Run {
  const of = (name: keyof Run) => Math.round(median(runs.map((run) => run[name])) * 10) / 10;
  return { perSecond: of('perSecond'), cpu: of('cpu'), storageCpu: of('storageCpu'), restCpu: of('restCpu') };
}

/** Azurite gets slower with what it holds. */
async function onNewStorage(tables: TablesOn, measure: (azure: BenchAzure) => Promise<Run>): Promise<Run> {
  const azure = await startBenchAzure(tables);
  try {
    return await measure(azure);
  } finally {
    await azure.stop();
  }
}

async function ofInstances(azure: BenchAzure, instances: number, checks: number): Promise<Run> {
  const apps = await Promise.all(Array.from({ length: instances }, () => azure.start()));
  const ask = (i: number) => azure.ask(apps[i % instances]!, answeredAtOnce);
  const none = apps.map(() => 0);
  await inParallel(WARM_UP * instances, atATime, ask);
  await awaitEnded(apps, none, WARM_UP * instances, 60);
  const marks = apps.map(({ log }) => log.length);
  const run = await costOf(apps, azure.storageCpu, checks, async () => {
    await inParallel(checks, atATime * instances, ask);
    return awaitEnded(apps, marks, checks, 600);
  });
  await Promise.all(apps.map((app) => app.stop()));
  return run;
}

/** `work` answers when it ended, as `performance.now()` does. */
async function costOf(
  processes: readonly { readonly pid: number }[],
  storageCpu: () => number,
  checks: number,
  work: () => Promise<number>,
): Promise<Run> {
  const used = () => [cpuSeconds(processes.map(({ pid }) => pid)), storageCpu(), cpuSeconds([process.pid])];
  const [before, begun] = [used(), performance.now()];
  const ended = await work();
  const [cpu = NaN, storage = NaN, rest = NaN] = used().map(
    (seconds, i) => ((seconds - (before[i] ?? 0)) / checks) * 1000,
  );
  return { perSecond: (checks / (ended - begun)) * 1000, cpu, storageCpu: storage, restCpu: rest };
}
