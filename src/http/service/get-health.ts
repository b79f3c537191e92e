import type { HttpHandler } from '@azure/functions';
import type { Pause } from '../../check/state/stated-verdict.ts';
import { describe, type Log, logOf } from '../../log/log.ts';

/** What must answer for the app to do its work; each rejects where it does not. */
export type Probes = Readonly<Record<string, () => Promise<unknown>>>;

const PROBE_MILLISECONDS = 5000;

/** `GET /api/health`: the app runs. */
export const getHealth: HttpHandler = () => Promise.resolve({ status: 200, jsonBody: { status: 'ok' } });

/** Anybody may ask, and each round costs: those who ask within this time share one. */
const ROUND_MILLISECONDS = 5000;

interface ReadinessDeps {
  readonly probes: Probes;
  readonly pause?: Pause | undefined;
  readonly now: () => Date;
}

/** `GET /api/health/ready`: all that the app needs answers. Names what does not, and tells the log why; a pause is told, and is no failure. */
export function getReadiness({ probes, pause, now }: ReadinessDeps): HttpHandler {
  let round: { readonly until: number; readonly parts: Promise<Record<string, string>> } | undefined;
  return async (_request, context) => {
    const time = now().getTime();
    if (!round || time >= round.until)
      round = { until: time + ROUND_MILLISECONDS, parts: askAll(probes, logOf(context)) };
    const parts = await round.parts;
    const ready = Object.values(parts).every((answer) => answer === 'ok');
    return {
      status: ready ? 200 : 503,
      headers: ready ? {} : { 'retry-after': '10' },
      jsonBody: {
        status: ready ? 'ok' : 'failed',
        parts,
        // Anybody may ask: whom to ask is for callers.
        ...(pause && { paused: pause.reason === undefined ? {} : { reason: pause.reason } }),
      },
    };
  };
}

async function askAll(probes: Probes, log: Log): Promise<Record<string, string>> {
  const answers = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => {
      try {
        await within(PROBE_MILLISECONDS, probe());
        return [name, 'ok'] as const;
      } catch (error) {
        log.warn('Not ready.', { part: name, cause: describe(error) });
        return [name, 'failed'] as const;
      }
    }),
  );
  return Object.fromEntries(answers);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
