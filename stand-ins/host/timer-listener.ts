import { Cron } from 'croner';
import type { Invoke } from './create-invoke.ts';
import type { HostedFunction } from './hosted-function.ts';
import type { Listener } from './listener.ts';
import { pause } from './pause.ts';
import type { TimerMonitor } from './timer-monitor.ts';

interface Deps {
  readonly hosted: HostedFunction;
  /** Answers the first time after the given one, or null: never. */
  readonly nextRun: (after: Date) => Date | null;
  readonly monitor: TimerMonitor;
  readonly invoke: Invoke;
  readonly now: () => number;
}

/**
 * Reads an NCRONTAB expression of six fields in UTC; day of month and day of week must both match.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseSchedule(expression: string): (after: Date) => Date | null {
  const cron = new Cron(expression, { timezone: 'UTC', mode: '6-part', domAndDow: true, paused: true });
  return (after) => cron.nextRun(after);
}

/**
 * Runs a function at its times, and at once at the start where a time was missed. One run ends before the next begins:
 * what falls due meanwhile is left out.
 */
export function createTimerListener({ hosted, nextRun, monitor, invoke, now }: Deps): Listener {
  const stopping = new AbortController();
  let running = Promise.resolve();

  const run = async (due: Date, isPastDue: boolean) => {
    const { last } = monitor.read(hosted.name) ?? { last: new Date(0) };
    const next = nextRun(due);
    const timer = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: last, Next: next, LastUpdated: last },
      IsPastDue: isPastDue,
    };
    try {
      await invoke(hosted, { json: JSON.stringify(timer) });
    } finally {
      monitor.write(hosted.name, { last: due, next });
    }
  };
  const tryRun = (due: Date, isPastDue = false) =>
    run(due, isPastDue).catch(() => {
      // Invoke has logged it; the next time is another try.
    });
  const stopped = () => stopping.signal.aborted;
  const listen = async () => {
    const start = new Date(now());
    const noted = monitor.read(hosted.name);
    if (noted?.next && noted.next < start) await tryRun(start, true);
    else if (!noted) monitor.write(hosted.name, { last: new Date(0), next: nextRun(start) });
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
    runByHand: () => run(new Date(now()), false),
  };
}
