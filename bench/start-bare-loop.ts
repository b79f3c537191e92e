import type { BareWork } from './bare-loop.ts';
import { forkProgram } from './fork-program.ts';

export interface BareLoop {
  readonly pid: number;
  /** Resolves when the work is done; begins at once. */
  run(): Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The bare calls in a process of their own, ready to run. */
export async function startBareLoop(work: BareWork): Promise<BareLoop> {
  const { pid, heard, say, stop } = forkProgram(new URL('./bare-loop.ts', import.meta.url), work);
  await heard();
  return {
    pid,
    async run() {
      say('go');
      await heard();
    },
    stop,
  };
}
