import { inject } from 'vitest';

// `FC_RUNS=10 npm run test:all` looks for what is rare.
const share = Number(process.env['FC_RUNS'] ?? (inject('tier') === 'fast' ? 0.1 : 1));

/** How often a property is tried: in `npm test` a tenth of `full`, but `least` times where it is tried as often at all. */
export const numRuns = (full: number, least = 10): number => Math.ceil(Math.max(full * share, Math.min(full, least)));

/** How many of the runs had better be worth something, told of `full`. */
export const ofRuns = (full: number): number => full * share;
