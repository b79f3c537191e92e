import { z } from 'zod';
import { quantile } from '../quantile.ts';
import { fill } from './fill.ts';
import { asker, type Page, pagesOf } from './filters.ts';
import { type HistoryAzure, startHistoryAzure } from './history-azure.ts';
import type { RecordedCheck } from './recorded-check.ts';
import type { Tables } from './tables.ts';

export interface PageCost {
  readonly tables: Tables['name'];
  readonly checks: number;
  readonly page: string;
  readonly found: number;
  /** There is a next page. */
  readonly more: boolean;
  /** Requests to storage that read. */
  readonly reads: number;
  /** Rows that storage looked at for them, and what it answered; 0 where that is not known. */
  readonly rows: number;
  readonly kilobytes: number;
  /** Milliseconds of the whole request. */
  readonly median: number;
  readonly p5: number;
  readonly p95: number;
  /** The same reads by themselves, all at once; milliseconds. */
  readonly bareMedian?: number;
}

const RUNS = 15;
const DAYS = 365;

/** A page of 50 for each filter, with so many ended checks and three events of each, a year's. */
export async function pages(sizes: readonly number[]): Promise<PageCost[]> {
  const costs = await withHistory('azurite', sizes[0] ?? 0);
  for (const size of sizes) costs.push(...(await withHistory('table server', size)));
  return costs;
}

async function withHistory(on: Tables['name'], checks: number): Promise<PageCost[]> {
  const azure = await startHistoryAzure(on);
  try {
    const seen: RecordedCheck['check'][] = [];
    const span = { checks, days: DAYS, end: new Date(), tenantId: azure.tenantId };
    await fill(azure.load, span, ({ check }) => seen.push(check));
    const sample = seen[Math.floor(checks / 2)];
    if (!sample) throw new Error('Give at least one check.');
    return await costsOf(azure, checks, pagesOf(sample, azure.tenantId));
  } finally {
    await azure.stop();
  }
}

async function costsOf(azure: HistoryAzure, checks: number, all: readonly Page[]): Promise<PageCost[]> {
  const app = await azure.start();
  const tokens = {
    all: await azure.token('auditor', ['Audit.Read']),
    own: await azure.token(asker, ['Check.Request']),
  };
  const costs: PageCost[] = [];
  for (const page of all) {
    const headers = { authorization: `Bearer ${page.own === true ? tokens.own : tokens.all}` };
    const cost = await costOf(azure.tables, async () => {
      const answer = await fetch(app.url + page.path, { headers });
      return answerSchema.parse(await answer.json());
    });
    costs.push({ ...{ tables: azure.tables.name, checks, page: page.name }, ...cost });
  }
  await app.stop();
  return costs;
}

const answerSchema = z.object({ value: z.array(z.unknown()), nextLink: z.string().optional() });

/** In turn with the bare reads, because whatever else the machine does meets both. */
async function costOf(tables: Tables, ask: () => Promise<z.infer<typeof answerSchema>>) {
  let { value, nextLink } = await ask();
  const [times, bare]: [number[], number[]] = [[], []];
  const reads: { readonly count: number; readonly rows: number; readonly bytes: number }[] = [];
  for (let run = 0; run < RUNS; run++) {
    const mark = tables.served().length;
    let begun = performance.now();
    ({ value, nextLink } = await ask());
    times.push(performance.now() - begun);
    const served = tables
      .served()
      .slice(mark)
      .filter(({ method }) => method === 'GET');
    const sum = (what: 'scanned' | 'bytes') => served.reduce((total, each) => total + each[what], 0);
    reads.push({ count: served.length, rows: sum('scanned'), bytes: sum('bytes') });
    const { readAgain } = tables;
    if (!readAgain) continue;
    begun = performance.now();
    await Promise.all(served.map(({ path }) => readAgain(path)));
    bare.push(performance.now() - begun);
  }
  // The sweeper, which comes once a minute, may have come between.
  const usual = reads.toSorted((a, b) => a.count - b.count)[Math.floor(RUNS / 2)];
  return {
    ...{ found: value.length, more: nextLink !== undefined },
    ...{ reads: usual?.count ?? 0, rows: usual?.rows ?? 0, kilobytes: Math.round((usual?.bytes ?? 0) / 1000) },
    ...{ median: quantile(times, 0.5), p5: quantile(times, 0.05), p95: quantile(times, 0.95) },
    ...(bare.length > 0 && { bareMedian: quantile(bare, 0.5) }),
  };
}
