import { cpuSeconds } from '../cpu-seconds.ts';
import { forkProgram } from '../fork-program.ts';
import { verificationSchema } from '../../src/audit/verify/verification.ts';
import { memoryGrowth } from '../peak-memory.ts';
import type { HistoryAzure } from './history-azure.ts';
import { startMonth } from './month.ts';

export interface VerificationCost {
  readonly events: number;
  readonly checkpoints: number;
  readonly seconds: number;
  /** The same pages and blobs by themselves, read by another program right after. */
  readonly bareSeconds: number;
  /** Of the app. */
  readonly cpuSeconds: number;
  /** Requests to the tables, and rows that these looked at. */
  readonly reads: number;
  readonly rows: number;
  readonly serverMegabytes: number;
}

/** `GET /api/audit/verification` of a month, answered by the built app; twice, because the first call also makes it faster. */
export async function verification(events: number): Promise<VerificationCost[]> {
  const { azure, begin, end, checkpoints } = await startMonth(events);
  try {
    const app = await azure.start();
    const headers = { authorization: `Bearer ${await azure.token('auditor', ['Audit.Read'])}` };
    // An app that has answered nothing yet grows by its own code: a verification of a minute loads that.
    const minute = new URLSearchParams({ from: new Date(end.getTime() - 60_000).toISOString(), to: end.toISOString() });
    await fetch(`${app.url}/api/audit/verification?${minute.toString()}`, { headers });
    const query = new URLSearchParams({ from: begin.toISOString(), to: end.toISOString() });
    const costs: VerificationCost[] = [];
    for (let run = 0; run < 2; run++) {
      const [mark, growth, begun] = [azure.tables.served().length, memoryGrowth(app.pid), performance.now()];
      const cpu = cpuSeconds([app.pid]);
      const answer = await fetch(`${app.url}/api/audit/verification?${query.toString()}`, { headers });
      const report = verificationSchema.parse(await answer.json());
      const seconds = rounded((performance.now() - begun) / 1000);
      if (!report.valid) throw new Error(`The history is not proven: ${JSON.stringify(report.faults.slice(0, 3))}`);
      const served = azure.tables.served().slice(mark);
      const reads = served.filter(({ method }) => method === 'GET');
      const cost = { reads: reads.length, rows: reads.reduce((sum, { scanned }) => sum + scanned, 0) };
      const serverMegabytes = Math.round(growth());
      const used = { cpuSeconds: rounded(cpuSeconds([app.pid]) - cpu), serverMegabytes };
      const pages = reads.map(({ path }) => path);
      const bareSeconds = rounded(await bareRead(azure, pages, checkpoints));
      costs.push({ events: report.events, checkpoints, seconds, bareSeconds, ...used, ...cost });
    }
    await app.stop();
    return costs;
  } finally {
    await azure.stop();
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;

async function bareRead({ tables, container }: HistoryAzure, paths: readonly string[], count: number): Promise<number> {
  const tableOrigin = /TableEndpoint=(http:\/\/[^/;]+)/.exec(tables.connectionString)?.[1] ?? '';
  const { url } = container('audit-checkpoints');
  const program = forkProgram(new URL('./bare-read.ts', import.meta.url));
  await program.heard();
  program.say(
    JSON.stringify({
      pages: paths.map((path) => tableOrigin + path),
      blobs: Array.from({ length: count }, (_, i) => `${url}/checkpoints/${String(i + 1).padStart(9, '0')}.jws`),
    }),
  );
  const seconds = Number(await program.heard());
  await program.stop();
  return seconds;
}
