import { setTimeout as sleep } from 'node:timers/promises';
import { bareArm, bareCalls } from './bare-calls.ts';
import { startBenchAzure } from './bench-azure.ts';
import { answeredAtOnce } from './checks.ts';
import { awaitEnded, stepsOf } from './follow-log.ts';
import { median } from './in-parallel.ts';
import { quantile } from './quantile.ts';

/** Medians in milliseconds, and within what nine of ten were. */
export interface Visible {
  readonly what: string;
  readonly median: number;
  readonly p5: number;
  readonly p95: number;
  /** To the same of the bare calls. */
  readonly ratio?: number;
}

const WARM_UP = 20;

/**
 * From the submission to the result, one check after the other, beside the bare calls in turn with them: to accept the
 * check, to receive its message, and the step. The message is removed when the result is there already.
 */
export async function visible(checks: number): Promise<Visible[]> {
  const azure = await startBenchAzure('azurite');
  try {
    const app = await azure.start();
    const { connectionString } = azure;
    const bare = await bareCalls({ connectionString, queueName: 'bare', arm: bareArm(azure.armUrl) });
    const [whole, submit] = [[] as number[], [] as number[]];
    const [bareSubmit, bareReceive, bareStep] = [[] as number[], [] as number[], [] as number[]];
    for (let i = 0; i < checks + WARM_UP; i++) {
      const [mark, begun] = [app.log.length, performance.now()];
      submit.push(await azure.ask(app, answeredAtOnce));
      whole.push((await awaitEnded([app], [mark], 1, 60)) - begun);
      // The end of one is not to be measured with the beginning of the other.
      await sleep(50);
      const at = [performance.now()];
      await bare.submit();
      at.push(performance.now());
      const [message] = await bare.receive(1);
      at.push(performance.now());
      await bare.lastStep(message!.check);
      at.push(performance.now());
      await message!.remove();
      for (const [part, times] of [bareSubmit, bareReceive, bareStep].entries()) times.push(at[part + 1]! - at[part]!);
    }
    const step = stepsOf(app).map(({ duration }) => duration);
    await app.stop();
    return report({ whole, submit, step, bareSubmit, bareReceive, bareStep });
  } finally {
    await azure.stop();
  }
}

type Times = Readonly<
  Record<'whole' | 'submit' | 'step' | 'bareSubmit' | 'bareReceive' | 'bareStep', readonly number[]>
>;

function report(times: Times): Visible[] {
  const sum = (...parts: (readonly number[])[]) =>
    times.whole.map((_, i) => parts.reduce((all, of) => all + of[i]!, 0));
  const { whole, submit, step, bareSubmit, bareReceive, bareStep } = times;
  // The host's own receipt is not seen from here: it takes as long as the bare one.
  const work = sum(submit, bareReceive, step);
  const bareWhole = sum(bareSubmit, bareReceive, bareStep);
  const waits = whole.map((all, i) => all - work[i]!);
  const row = (what: string, all: readonly number[], beside?: readonly number[]): Visible => {
    const warm = all.slice(WARM_UP);
    const ratio = beside && Math.round((median(warm) / median(beside.slice(WARM_UP))) * 100) / 100;
    const [p5, middle, p95] = [0.05, 0.5, 0.95].map((share) => quantile(warm, share));
    return { what, median: middle!, p5: p5!, p95: p95!, ...(ratio !== undefined && { ratio }) };
  };
  return [
    row('from submit to the visible result', whole, bareWhole),
    row('  without the wait', work, bareWhole),
    row('  the wait until the host asks the queue again', waits),
    row('  to submit', submit, bareSubmit),
    row('  the step', step, bareStep),
    row('bare calls: all', bareWhole),
    row('  to submit', bareSubmit),
    row('  to receive the message', bareReceive),
    row('  the step', bareStep),
  ];
}
