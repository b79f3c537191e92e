import type { Log } from './log.ts';

/** Tells of trouble with a check or a set that ends nothing: what was accepted goes on. */
export type WarnAbout = (
  message: string,
  error: unknown,
  about: { readonly checkId: string } | { readonly setId: string },
) => void;

export const warnAbout =
  (log: Log): WarnAbout =>
  (message, error, about) => {
    log.warn(message, { ...about, cause: String(error) });
  };
