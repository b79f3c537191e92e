import { verificationSchema } from '../../src/audit/checkpoint/verification.ts';
import { memoryGrowth } from '../peak-memory.ts';
import { startMonth } from './month.ts';

export interface VerificationCost {
  readonly events: number;
  readonly checkpoints: number;
  readonly seconds: number;
  /** Requests to the tables, and rows that these looked at. */
  readonly reads: number;
  readonly rows: number;
  readonly serverMegabytes: number;
}

/** `GET /api/audit/verification` of a month, answered by the built app; twice, because the first call also warms it up. */
export async function verification(events: number): Promise<VerificationCost[]> {
  const { azure, begin, end, checkpoints } = await startMonth(events);
  try {
    const app = await azure.start();
    const headers = { authorization: `Bearer ${await azure.token('auditor', ['Audit.Read'])}` };
    const query = new URLSearchParams({ from: begin.toISOString(), to: end.toISOString() });
    const costs: VerificationCost[] = [];
    for (let run = 0; run < 2; run++) {
      const [mark, growth, begun] = [azure.tables.served().length, memoryGrowth(app.pid), performance.now()];
      const answer = await fetch(`${app.url}/api/audit/verification?${query.toString()}`, { headers });
      const report = verificationSchema.parse(await answer.json());
      const seconds = Math.round((performance.now() - begun) / 100) / 10;
      if (!report.valid) throw new Error(`The history is not proven: ${JSON.stringify(report.faults.slice(0, 3))}`);
      const reads = azure.tables
        .served()
        .slice(mark)
        .filter(({ method }) => method === 'GET');
      const rows = reads.reduce((sum, { scanned }) => sum + scanned, 0);
      const serverMegabytes = Math.round(growth());
      costs.push({ events: report.events, checkpoints, seconds, reads: reads.length, rows, serverMegabytes });
    }
    await app.stop();
    return costs;
  } finally {
    await azure.stop();
  }
}
