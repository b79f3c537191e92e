import { setTimeout as sleep } from 'node:timers/promises';
import { bareCalls } from './bare-calls.ts';
import { startBenchAzure } from './bench-azure.ts';
import { atATime, bareHost } from './bare-host.ts';
import { polled } from './checks.ts';
import { awaitEnded } from './follow-log.ts';
import { inParallel } from './in-parallel.ts';
import { startPolledArm } from './polled-arm.ts';

export interface Waiting {
  readonly checks: number;
  /** Seconds until all checks had their result. */
  readonly rescheduling: number;
  readonly waiting: number;
}

const POLL_SECONDS = 5;

/** The same checks by the app, which reschedules itself, and by a worker that waits for ARM inside its function. */
export async function waiting(checks: number): Promise<Waiting> {
  const azure = await startBenchAzure('table server');
  const arm = await startPolledArm({ first: () => POLL_SECONDS, second: () => POLL_SECONDS });
  try {
    const app = await azure.start({ ARM_ENDPOINT: arm.url });
    await azure.ask(app, polled);
    await awaitEnded([app], [0], 1, 60);
    const mark = app.log.length;
    const begun = performance.now();
    await inParallel(checks, atATime, () => azure.ask(app, polled));
    const rescheduling = (await awaitEnded([app], [mark], checks, 600)) - begun;
    await app.stop();

    const { connectionString } = azure;
    const bare = await bareCalls({ connectionString, queueName: 'bare', arm: () => wholeOperation(arm.url) });
    const waitingBegun = performance.now();
    await Promise.all([inParallel(checks, atATime, () => bare.submit()), bareHost(bare, checks)]);
    return { checks, rescheduling: rescheduling / 1000, waiting: (performance.now() - waitingBegun) / 1000 };
  } finally {
    await Promise.all([azure.stop(), arm.stop()]);
  }
}

async function wholeOperation(armUrl: string): Promise<void> {
  let answer = await fetch(armUrl, { method: 'POST' });
  while (answer.status === 202) {
    await answer.text();
    await sleep(Number(answer.headers.get('retry-after')) * 1000);
    answer = await fetch(answer.headers.get('location') ?? armUrl);
  }
  await answer.text();
}
