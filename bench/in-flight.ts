import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QueueClient } from '@azure/storage-queue';
import { resourceNames } from '../src/triggers.ts';
import { until } from '../test/support/until.ts';
import { atATime } from './at-a-time.ts';
import { type BenchAzure, startBenchAzure } from './bench-azure.ts';
import { polled } from './checks.ts';
import { awaitEnded, stepsOf } from './follow-log.ts';
import { inParallel } from './in-parallel.ts';
import { delayArguments, readDelays } from './loop-delay.ts';
import { memoryGrowth } from './peak-memory.ts';
import { startPolledArm } from './polled-arm.ts';

export interface InFlight {
  /** With which node runs the app. */
  readonly heap: string;
  readonly checks: number;
  /** How many were accepted, begun and polled once before the first ended. */
  readonly atOnce: number;
  readonly peakOverIdleMegabytes: number;
  /** Event-loop delay in milliseconds, from the first submission until all are due, and from then until the last has ended. */
  readonly delayP99Beginning: number;
  readonly delayP99Draining: number;
  /** Until the queue is empty, the sweeper's included; and those among them that were still there when the last check ended. */
  readonly messagesPerCheck: number;
  readonly messagesLeft: number;
  readonly secondsToBegin: number;
  /** From the moment at which all are due to the end of the last. */
  readonly secondsToDrain: number;
}

/** So many are begun and polled once in a second, at the least. */
const SLOWEST_PER_SECOND = 35;
const WARM_UP = 50;

/** Node's own, and one that makes V8 collect what nobody holds: what it grows by is needed. */
const HEAPS = { "node's defaults": [], small: ['--max-old-space-size=64', '--max-semi-space-size=4'] };

/** Many checks under way in one instance, which all become due at the same moment. */
export async function inFlight(checks: number): Promise<InFlight[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const rows: InFlight[] = [];
  try {
    for (const [heap, limits] of Object.entries(HEAPS)) {
      const found = await onNewStorage((azure) => ofApp(azure, checks, limits, join(folder, heap)));
      rows.push({ heap, ...found });
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onNewStorage<T>(measure: (azure: BenchAzure) => Promise<T>): Promise<T> {
  const azure = await startBenchAzure('table server', 'queue server');
  try {
    return await measure(azure);
  } finally {
    await azure.stop();
  }
}

async function ofApp(azure: BenchAzure, checks: number, limits: readonly string[], file: string) {
  // Time enough for all to be begun and polled once.
  let dueAt = 0;
  const arm = await startPolledArm({ first: () => 2, second: () => (dueAt - performance.now()) / 1000 });
  const queue = new QueueClient(azure.connectionString, resourceNames.queue);
  const queued = async () => (await queue.getProperties()).approximateMessagesCount ?? NaN;
  try {
    const settings = { ARM_ENDPOINT: arm.url, CHECK_DEADLINE_SECONDS: '3600' };
    const app = await azure.start(settings, [...limits, ...delayArguments(file)]);
    const restartDelays = () => process.kill(app.pid, 'SIGUSR2');
    await inParallel(WARM_UP, atATime, () => azure.ask(app, polled));
    await awaitEnded([app], [0], WARM_UP, 60);
    await sleep(5000);
    const growth = memoryGrowth(app.pid);
    const [mark, stepsBefore, polledBefore] = [app.log.length, stepsOf(app).length, arm.running()];

    restartDelays();
    const begun = performance.now();
    dueAt = begun + (checks / SLOWEST_PER_SECOND + 20) * 1000;
    await inParallel(checks, atATime, () => azure.ask(app, polled));
    while (arm.running() - polledBefore < checks && performance.now() < dueAt) await sleep(200);
    const [allBegun, atOnce] = [performance.now(), arm.running() - polledBefore];
    await sleep(Math.max(0, dueAt - performance.now()));
    restartDelays();
    const ended = await awaitEnded([app], [mark], checks, (checks / SLOWEST_PER_SECOND) * 2 + 300);

    const [delays, peakOverIdleMegabytes, messagesLeft] = [readDelays(file), growth(), await queued()];
    await until('an empty queue', 900, async () => (await queued()) === 0);
    const messages = stepsOf(app).length - stepsBefore;
    await app.stop();
    const delayP99 = (resets: number) => delays.findLast((sample) => sample.resets === resets)?.p99 ?? NaN;
    return {
      ...{ checks, atOnce, messagesLeft, messagesPerCheck: messages / checks },
      peakOverIdleMegabytes,
      ...{ delayP99Beginning: delayP99(1), delayP99Draining: delayP99(2) },
      secondsToBegin: (allBegun - begun) / 1000,
      secondsToDrain: (ended - dueAt) / 1000,
    };
  } finally {
    await arm.stop();
  }
}
