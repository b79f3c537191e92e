import { bareArm, bareCalls } from './bare-calls.ts';
import { type BenchAzure, startBenchAzure } from './bench-azure.ts';
import { answeredAtOnce } from './checks.ts';
import { awaitEnded } from './follow-log.ts';
import { inParallel, median } from './in-parallel.ts';

export interface Throughput {
  /** Checks to their end in a second. */
  readonly oneInstance: number;
  readonly threeInstances: number;
  readonly bare: number;
}

/** As many as one instance works on at a time: batchSize and newBatchThreshold of host.json. */
const AT_A_TIME = 24;
const WARM_UP = 50;

/** In turn, because whatever else the machine does meets them all. */
const ROUNDS = 3;

/** Checks that ARM answers at once, submitted and worked on at the same time, beside the bare calls. */
export async function throughput(checks: number): Promise<Throughput> {
  const rounds: Throughput[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    rounds.push({
      bare: await onNewStorage((azure) => ofBare(azure, checks / ROUNDS)),
      oneInstance: await onNewStorage((azure) => ofInstances(azure, 1, checks / ROUNDS)),
      threeInstances: await onNewStorage((azure) => ofInstances(azure, 3, checks / ROUNDS)),
    });
  }
  const of = (name: keyof Throughput) => median(rounds.map((found) => found[name]));
  return { bare: of('bare'), oneInstance: of('oneInstance'), threeInstances: of('threeInstances') };
}

/** Azurite gets slower with what it holds. */
async function onNewStorage(measure: (azure: BenchAzure) => Promise<number>): Promise<number> {
  const azure = await startBenchAzure();
  try {
    return await measure(azure);
  } finally {
    await azure.stop();
  }
}

async function ofBare({ connectionString, armUrl }: BenchAzure, checks: number): Promise<number> {
  const bare = await bareCalls({ connectionString, arm: bareArm(armUrl) });
  const run = async () => {
    await bare.stepAtOnce(await bare.submit());
  };
  await inParallel(WARM_UP, AT_A_TIME, run);
  const begun = performance.now();
  await inParallel(checks, AT_A_TIME, run);
  return (checks / (performance.now() - begun)) * 1000;
}

async function ofInstances(azure: BenchAzure, instances: number, checks: number): Promise<number> {
  const apps = await Promise.all(Array.from({ length: instances }, () => azure.start()));
  const ask = (i: number) => azure.ask(apps[i % instances]!, answeredAtOnce);
  await inParallel(WARM_UP, AT_A_TIME, ask);
  await awaitEnded(
    apps,
    apps.map(() => 0),
    WARM_UP,
    60,
  );
  const marks = apps.map(({ log }) => log.length);
  const begun = performance.now();
  await inParallel(checks, AT_A_TIME, ask);
  const ended = await awaitEnded(apps, marks, checks, 600);
  await Promise.all(apps.map((app) => app.stop()));
  return (checks / (ended - begun)) * 1000;
}
