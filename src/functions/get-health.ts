import type { HttpHandler } from '@azure/functions';
import { describe, logOf } from './log.ts';

/** What must answer for the app to do its work; each rejects where it does not. */
export type Probes = Readonly<Record<string, () => Promise<unknown>>>;

const PROBE_MILLISECONDS = 5000;

/** `GET /api/health`: the app runs. */
export const getHealth: HttpHandler = () => Promise.resolve({ status: 200, jsonBody: { status: 'ok' } });

/** `GET /api/health/ready`: all that the app needs answers. Names what does not, and tells the log why. */
export function getReadiness(probes: Probes): HttpHandler {
  return async (_request, context) => {
    const results = await Promise.all(
      Object.entries(probes).map(async ([name, probe]) => {
        try {
          await within(PROBE_MILLISECONDS, probe());
          return [name, 'ok'] as const;
        } catch (error) {
          logOf(context).warn('Not ready.', { part: name, cause: describe(error) });
          return [name, 'failed'] as const;
        }
      }),
    );
    const ready = results.every(([, result]) => result === 'ok');
    return {
      status: ready ? 200 : 503,
      headers: ready ? {} : { 'retry-after': '10' },
      jsonBody: { status: ready ? 'ok' : 'failed', parts: Object.fromEntries(results) },
    };
  };
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
