import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareCalls } from './bare-calls.ts';
import { startBenchAzure } from './bench-azure.ts';
import { polled } from './checks.ts';
import { awaitEnded, stepsOf } from './follow-log.ts';
import { inParallel, median } from './in-parallel.ts';
import { startPolledArm } from './polled-arm.ts';
import { readSamples, samplingArguments } from './samples.ts';

export interface InFlight {
  readonly checks: number;
  /** How many were accepted, begun and polled once before the first ended. */
  readonly atOnce: number;
  readonly idleMegabytes: number;
  readonly peakOverIdleMegabytes: number;
  readonly eventLoopDelayP99: number;
  readonly messagesPerCheck: number;
  readonly secondsToBegin: number;
  /** From the moment at which all are due to the end of the last. */
  readonly secondsToDrain: number;
  readonly bareSecondsToDrain: number;
}

const AT_A_TIME = 24;
const BARE_SAMPLE = 500;
/** So many are begun and polled once in a second, at the least. */
const SLOWEST_PER_SECOND = 8;
const MEGABYTE = 1024 * 1024;

/** Many checks under way in one instance, which all become due at the same moment. */
export async function inFlight(checks: number): Promise<InFlight> {
  const azure = await startBenchAzure();
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const file = join(folder, 'samples');
  // Time enough for all to be begun and polled once.
  let dueAt = 0;
  const arm = await startPolledArm({ first: () => 2, second: () => (dueAt - performance.now()) / 1000 });
  try {
    const app = await azure.start({ ARM_ENDPOINT: arm.url, CHECK_DEADLINE_SECONDS: '3600' }, samplingArguments(file));
    const warmUp = await inParallel(50, AT_A_TIME, () => azure.ask(app, polled));
    await awaitEnded([app], [0], warmUp.length, 60);
    await sleep(5000);
    const idle = median(
      readSamples(file)
        .slice(-6)
        .map(({ rss }) => rss),
    );
    const [mark, stepsBefore, polledBefore] = [app.log.length, stepsOf(app).length, arm.running()];

    const begun = performance.now();
    dueAt = begun + (checks / SLOWEST_PER_SECOND + 20) * 1000;
    await inParallel(checks, AT_A_TIME, () => azure.ask(app, polled));
    while (arm.running() - polledBefore < checks && performance.now() < dueAt) await sleep(200);
    const [allBegun, atOnce] = [performance.now(), arm.running() - polledBefore];
    const ended = await awaitEnded([app], [mark], checks, (checks / SLOWEST_PER_SECOND) * 2 + 300);

    const samples = readSamples(file);
    const messages = stepsOf(app).length - stepsBefore;
    await app.stop();
    return {
      checks,
      atOnce,
      idleMegabytes: idle / MEGABYTE,
      peakOverIdleMegabytes: (Math.max(...samples.map(({ rss }) => rss)) - idle) / MEGABYTE,
      eventLoopDelayP99: samples.at(-1)?.p99 ?? NaN,
      messagesPerCheck: messages / checks,
      secondsToBegin: (allBegun - begun) / 1000,
      secondsToDrain: (ended - dueAt) / 1000,
      bareSecondsToDrain: (await bareDrain(azure.connectionString, arm.url)) * (checks / BARE_SAMPLE),
    };
  } finally {
    await Promise.all([azure.stop(), arm.stop(), rm(folder, { recursive: true })]);
  }
}

/** Seconds in which so many last polls are done by bare calls. */
async function bareDrain(connectionString: string, armUrl: string): Promise<number> {
  const arm = async () => (await fetch(`${armUrl}/operationResults/x?poll=2`)).text();
  const bare = await bareCalls({ connectionString, arm });
  const accepted = await inParallel(BARE_SAMPLE, AT_A_TIME, () => bare.submit());
  const begun = performance.now();
  await inParallel(BARE_SAMPLE, AT_A_TIME, (i) => bare.lastPoll(accepted[i]!));
  return (performance.now() - begun) / 1000;
}
