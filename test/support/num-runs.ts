import { inject } from 'vitest';

// `FC_RUNS=10 npm run test:all` looks for what is rare.
const share = Number(process.env['FC_RUNS'] ?? (inject('tier') === 'fast' ? 0.1 : 1));

/** How often a property is tried: a tenth of `full` in `npm test`, but ten times where it is tried as often at all. */
export const numRuns = (full: number): number => Math.ceil(Math.max(full * share, Math.min(full, 10)));
