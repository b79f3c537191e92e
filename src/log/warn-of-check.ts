import type { Log } from './log.ts';

/** Tells of trouble that ends nothing: what was accepted goes on. */
export type WarnOfCheck = (message: string, error: unknown, checkId: string) => void;

export const warnOfCheck =
  (log: Log): WarnOfCheck =>
  (message, error, checkId) => {
    log.warn(message, { checkId, cause: String(error) });
  };
