import { setTimeout as wait } from 'node:timers/promises';
import type { Outcome } from './scenarios/outcome.ts';

export interface Pace {
  /** Real seconds as a whole number for a header, at least 1. */
  seconds(realSeconds: number): string;
  /** How long a check takes, in ms. */
  duration(outcome: Outcome): number;
  /** Waits as long as a POST is held before its 202; rejects where the simulator stops. */
  holdPost(): Promise<void>;
}

interface Deps {
  readonly speed: number;
  /** At least 0, less than 1 */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** The real service's times, divided by `speed`. */
export function createPace({ speed, random, signal }: Deps): Pace {
  const between = (least: number, most: number) => ((least + random() * (most - least)) * 1000) / speed;
  return {
    seconds: (realSeconds) => String(Math.max(1, Math.ceil(realSeconds / speed))),
    duration(outcome) {
      const quick = outcome.kind !== 'completes' || outcome.finding.probesFailed < outcome.finding.probesSent;
      if (outcome.kind === 'completes' && outcome.atOnce) return 0;
      // Unreachable is slower: every probe has to time out. Up to 112 s were seen; these end, with the wait for the last
      // poll, within the longest wait that a client can ask for.
      return quick ? between(50, 85) : between(85, 105);
    },
    async holdPost() {
      const ms = between(0, 20);
      if (ms > 0) await wait(ms, undefined, { signal });
    },
  };
}
