import { format } from 'node:util';
import type { Log, LogLevel } from '../host/log.ts';

const levels = {
  debug: 'debug',
  log: 'information',
  info: 'information',
  warn: 'warning',
  error: 'error',
} as const satisfies Partial<Record<keyof Console, LogLevel>>;

/** What the app says with `console`, outside of an invocation, goes into the log, as the Functions host does it. */
export function captureConsole(log: Log): void {
  for (const [method, level] of Object.entries(levels))
    Reflect.set(console, method, (...said: unknown[]) => {
      log({ level, message: format(...said) });
    });
}
