import type { KeptCards } from '../../../src/teams/ports/kept-cards.ts';

/** The port's rules without a network; held to the same suite as Azure Table storage. */
export function memoryKeptCards(): KeptCards & { readonly rows: () => number } {
  const rows = new Map<string, { kept: Parameters<KeptCards['put']>[1]; until: Date }>();
  return {
    put: (requestId, kept, until) => {
      rows.set(requestId, { kept, until });
      return Promise.resolve();
    },
    find: (requestId) => Promise.resolve(rows.get(requestId)?.kept),
    forget: (now) => {
      for (const [id, { until }] of rows) if (until < now) rows.delete(id);
      return Promise.resolve();
    },
    rows: () => rows.size,
  };
}
