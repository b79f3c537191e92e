export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical';

/** One line of the host's log, or of the app's through its invocation context. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly function?: string;
  readonly invocationId?: string;
  readonly durationMs?: number;
  /** Stack of the error, where there was one. */
  readonly error?: string;
}

export type Log = (line: LogLine) => void;

/** What a log line says of something thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
