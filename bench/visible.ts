import { setTimeout as sleep } from 'node:timers/promises';
import { bareArm, bareCalls } from './bare-calls.ts';
import { startBenchAzure } from './bench-azure.ts';
import { answeredAtOnce } from './checks.ts';
import { awaitEnded, stepsOf } from './follow-log.ts';
import { median } from './in-parallel.ts';

export interface Visible {
  /** Medians in milliseconds. */
  readonly submit: number;
  readonly step: number;
  /** Until the host asks the queue again: at most `maxPollingInterval`, by chance. */
  readonly waitInQueue: number;
  readonly bareSubmit: number;
  readonly bareStep: number;
}

/** From the submission to the visible result, one check after the other, beside the bare calls in turn with them. */
export async function visible(checks: number): Promise<Visible> {
  const azure = await startBenchAzure();
  try {
    const app = await azure.start();
    const bare = await bareCalls({ connectionString: azure.connectionString, arm: bareArm(azure.armUrl) });
    const times = {
      submit: [] as number[],
      whole: [] as number[],
      bareSubmit: [] as number[],
      bareStep: [] as number[],
    };
    const warmUp = 20;
    for (let i = 0; i < checks + warmUp; i++) {
      const mark = app.log.length;
      const begun = performance.now();
      const submit = await azure.ask(app, answeredAtOnce);
      const ended = await awaitEnded([app], [mark], 1, 60);
      // The end of one is not to be measured with the beginning of the other.
      await sleep(50);
      const bareBegun = performance.now();
      const check = await bare.submit();
      const bareSubmitted = performance.now();
      await bare.stepAtOnce(check);
      if (i < warmUp) continue;
      times.submit.push(submit);
      times.whole.push(ended - begun);
      times.bareSubmit.push(bareSubmitted - bareBegun);
      times.bareStep.push(performance.now() - bareSubmitted);
    }
    const steps = stepsOf(app)
      .slice(warmUp)
      .map(({ duration }) => duration);
    const [submit, step] = [median(times.submit), median(steps)];
    await app.stop();
    return {
      submit,
      step,
      waitInQueue: median(times.whole) - submit - step,
      bareSubmit: median(times.bareSubmit),
      bareStep: median(times.bareStep),
    };
  } finally {
    await azure.stop();
  }
}
