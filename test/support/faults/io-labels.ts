import type { Io } from './io-trace.ts';

/** Names the requests about one check: `transaction 2` is its second transaction, however often that is tried. */
export function ioLabels(checkId: string): (io: Io) => string | undefined {
  const tries = new Map<string, string[]>();
  return (io) => {
    if (!io.checkIds.includes(checkId)) return undefined;
    const known = tries.get(io.operation) ?? [];
    if (!known.includes(io.tryOf)) known.push(io.tryOf);
    tries.set(io.operation, known);
    return `${io.operation} ${known.indexOf(io.tryOf) + 1}`;
  };
}

/** The names of all requests about a check, in order. */
export function labelsOf(checkId: string, log: readonly Io[]): string[] {
  const label = ioLabels(checkId);
  return [...new Set(log.flatMap((io) => label(io) ?? []))];
}
