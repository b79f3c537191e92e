import { Cron } from 'croner';
import type { Invoke } from './create-invoke.ts';
import type { HostedFunction } from './hosted-function.ts';
import type { ManualListener } from './listener.ts';
import { pause } from './pause.ts';

interface Deps {
  readonly hosted: HostedFunction;
  /** Answers the first time after the given one, or null: never. */
  readonly nextRun: (after: Date) => Date | null;
  readonly runOnStartup: boolean;
  readonly invoke: Invoke;
  readonly now: () => number;
}

/**
 * Reads an NCRONTAB expression of six fields, or five without seconds, in UTC; day of month and day of week must both
 * match. https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseSchedule(expression: string): (after: Date) => Date | null {
  const cron = new Cron(expression, { timezone: 'UTC', mode: '5-or-6-parts', domAndDow: true, paused: true });
  return (after) => cron.nextRun(after);
}

/** Runs a function at its times. One run ends before the next begins: what falls due meanwhile is left out. */
export function createTimerListener({ hosted, nextRun, runOnStartup, invoke, now }: Deps): ManualListener {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let last: Date | undefined;

  const run = async (due: Date) => {
    const ScheduleStatus = { Last: last ?? new Date(0), Next: nextRun(due), LastUpdated: last ?? new Date(0) };
    last = due;
    const timer = { Schedule: { AdjustForDST: true }, ScheduleStatus, IsPastDue: false };
    await invoke(hosted, { json: JSON.stringify(timer) });
  };
  const tryRun = (due: Date) =>
    run(due).catch(() => {
      // Invoke has logged it; the next time is another try.
    });
  const stopped = () => stopping.signal.aborted;
  const listen = async () => {
    if (runOnStartup) await tryRun(new Date(now()));
    for (let due = nextRun(new Date(now())); due && !stopped(); due = nextRun(new Date(now()))) {
      // A timer can fire early, and a long wait takes several.
      while (now() < due.getTime() && !stopped()) await pause(due.getTime() - now(), stopping.signal);
      if (!stopped()) await tryRun(due);
    }
  };

  return {
    name: hosted.name,
    start() {
      running = listen();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    runByHand: () => run(new Date(now())),
  };
}
