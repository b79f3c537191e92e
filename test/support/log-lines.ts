import { InvocationContext, type TraceContext } from '@azure/functions';

export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly [member: string]: unknown;
}

/** An invocation whose log lines are read as the JSON that they are. */
export function linesOf(traceContext?: TraceContext): { context: InvocationContext; lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const context = new InvocationContext({
    ...(traceContext && { traceContext }),
    logHandler: (level, text) => lines.push({ level, ...(JSON.parse(String(text)) as { message: string }) }),
  });
  return { context, lines };
}
