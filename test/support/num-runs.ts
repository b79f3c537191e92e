/** A property's runs: as many as asked in `npm run test:all`, a tenth, but 10 at least, in `npm test`. */
export const numRuns = (full: number): number => Math.ceil(Math.max(full * share, Math.min(full, 10)));

// Of all runs; `FC_RUNS=10 npm run test:all` looks for what is rare.
const share = Number(process.env['FC_RUNS'] ?? '0.1');
