import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../test/support/app/start-app.ts';

export interface Step {
  readonly outcome: string;
  /** Milliseconds of the function's run. */
  readonly duration: number;
}

/** What the host writes of a run. */
interface Line {
  readonly message: string;
  readonly invocationId: string;
  readonly durationMs?: number;
}

/** The steps that an app has logged, in the order of their ends. */
export function stepsOf(app: App): Step[] {
  const outcomes = new Map<string, string>();
  const steps: Step[] = [];
  for (const line of app.log) {
    if (!line.includes('"function":"work"')) continue;
    const { message, invocationId, durationMs }: Line = JSON.parse(line);
    const outcome = /"outcome":"(\w+)"/.exec(message)?.[1];
    if (outcome !== undefined) outcomes.set(invocationId, outcome);
    else if (durationMs !== undefined) {
      steps.push({ outcome: outcomes.get(invocationId) ?? 'trouble', duration: durationMs });
    }
  }
  return steps;
}

const ENDED = String.raw`\"outcome\":\"Succeeded\"`;

/** Waits until that many checks have succeeded, as the apps' logs say, since the given marks; answers when the last did. */
export async function awaitEnded(
  apps: readonly App[],
  since: readonly number[],
  count: number,
  withinSeconds: number,
): Promise<number> {
  const end = performance.now() + withinSeconds * 1000;
  const read = [...since];
  let ended = 0;
  while (ended < count) {
    if (performance.now() > end) throw new Error(`${ended} of ${count} checks ended within ${withinSeconds} s.`);
    await sleep(5);
    for (const [i, { log }] of apps.entries()) {
      for (let at = read[i] ?? 0; at < log.length; at++) if (log[at]?.includes(ENDED)) ended++;
      read[i] = log.length;
    }
  }
  return performance.now();
}
