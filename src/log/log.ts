import type { InvocationContext } from '@azure/functions';

export type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
}

/**
 * One JSON object a line: no text of a caller's can break out of it. `about` is in every line, as it is known by then:
 * the check's id and its trace, else the trace of the invocation.
 */
export function logOf(context: InvocationContext, about: Fields = {}): Log {
  // Without Application Insights the host gives an empty text.
  const traceparent = context.traceContext?.traceParent || undefined;
  const line = (message: string, fields: Fields = {}): string =>
    JSON.stringify({ message, traceparent, ...about, ...fields });
  return {
    info: (message, fields) => {
      context.info(line(message, fields));
    },
    warn: (message, fields) => {
      context.warn(line(message, fields));
    },
    error: (message, fields) => {
      context.error(line(message, fields));
    },
  };
}

/** What an error says of itself, with what caused it; never a request's headers or body. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? `${error.name}: ${error.message}`
    : `${error.name}: ${error.message} < ${describe(error.cause)}`;
}
