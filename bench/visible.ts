import { setTimeout as sleep } from 'node:timers/promises';
import { startBenchAzure } from './bench-azure.ts';
import { answeredAtOnce } from './checks.ts';
import { awaitEnded, stepsOf } from './follow-log.ts';
import { quantile } from './quantile.ts';

/** Medians in milliseconds, and within what nine of ten were. */
export interface Visible {
  readonly what: string;
  readonly median: number;
  readonly p5: number;
  readonly p95: number;
}

const WARM_UP = 20;

/** From the submission to the result, one check after the other. */
export async function visible(checks: number): Promise<Visible[]> {
  const azure = await startBenchAzure('azurite');
  try {
    const app = await azure.start();
    const [whole, submit] = [[] as number[], [] as number[]];
    for (let i = 0; i < checks + WARM_UP; i++) {
      const [mark, begun] = [app.log.length, performance.now()];
      submit.push(await azure.ask(app, answeredAtOnce));
      whole.push((await awaitEnded([app], [mark], 1, 60)) - begun);
      // The end of one is not to be measured with the beginning of the other.
      await sleep(50);
    }
    const step = stepsOf(app).map(({ duration }) => duration);
    await app.stop();
    return report({ whole, submit, step });
  } finally {
    await azure.stop();
  }
}

function report({ whole, submit, step }: Readonly<Record<'whole' | 'submit' | 'step', readonly number[]>>): Visible[] {
  const waits = whole.map((all, i) => all - submit[i]! - step[i]!);
  const row = (what: string, all: readonly number[]): Visible => {
    const [p5 = NaN, median = NaN, p95 = NaN] = [0.05, 0.5, 0.95].map((share) => quantile(all.slice(WARM_UP), share));
    return { what, median, p5, p95 };
  };
  return [
    row('from submit to the visible result', whole),
    row('  to submit', submit),
    row('  the step', step),
    row('  the wait until the host has the message', waits),
  ];
}
