import { setTimeout as sleep } from 'node:timers/promises';
import { bareCalls } from './bare-calls.ts';
import { startBenchAzure } from './bench-azure.ts';
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

/** As many messages as a host works on at a time. */
const AT_A_TIME = 24;
const POLL_SECONDS = 5;

/** The same checks by the app, which reschedules itself, and by a worker that waits for ARM inside its function. */
export async function waiting(checks: number): Promise<Waiting> {
  const azure = await startBenchAzure();
  const arm = await startPolledArm({ first: () => POLL_SECONDS, second: () => POLL_SECONDS });
  try {
    const app = await azure.start({ ARM_ENDPOINT: arm.url });
    await azure.ask(app, polled);
    await awaitEnded([app], [0], 1, 60);
    const mark = app.log.length;
    const begun = performance.now();
    await inParallel(checks, AT_A_TIME, () => azure.ask(app, polled));
    const rescheduling = (await awaitEnded([app], [mark], checks, 600)) - begun;
    await app.stop();

    const bare = await bareCalls({ connectionString: azure.connectionString, arm: () => wholeOperation(arm.url) });
    const waitingBegun = performance.now();
    const accepted = await inParallel(checks, AT_A_TIME, () => bare.submit());
    await inParallel(checks, AT_A_TIME, (i) => bare.stepAtOnce(accepted[i]!));
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
