import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { highestUntilExit, memoryGrowth } from '../peak-memory.ts';
import { startMonth } from './month.ts';

export interface ExportCost {
  readonly events: number;
  readonly format: string;
  readonly megabytes: number;
  readonly seconds: number;
  readonly reads: number;
  /** Of the command: its highest memory over that of an export of a minute. */
  readonly clientMegabytes: number;
  /** Of the app: its highest memory over what it had before. */
  readonly serverMegabytes: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const MINUTE_MILLISECONDS = 60_000;

interface Order {
  readonly url: string;
  readonly token: string;
  readonly from: Date;
  readonly to: Date;
  readonly out: string;
}

/** `netcheck audit export` of a month from the built app, each in a process of its own. */
export async function exportCost(events: number): Promise<ExportCost[]> {
  const { azure, begin, end } = await startMonth(events);
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const token = await azure.token('auditor', ['Audit.Read']);
    const costs: ExportCost[] = [];
    for (const format of ['ndjson', 'csv']) {
      const app = await azure.start();
      const order = { url: app.url, token, to: end, out: join(folder, `audit.${format}`) };
      const minute = await run({ ...order, from: new Date(end.getTime() - 5 * MINUTE_MILLISECONDS) });
      const [mark, growth, begun] = [azure.tables.served().length, memoryGrowth(app.pid), performance.now()];
      const highest = await run({ ...order, from: begin });
      const seconds = Math.round((performance.now() - begun) / 100) / 10;
      const reads = azure.tables
        .served()
        .slice(mark)
        .filter(({ method }) => method === 'GET').length;
      const megabytes = Math.round((await stat(order.out)).size / 1e6);
      const [clientMegabytes, serverMegabytes] = [Math.round(highest - minute), Math.round(growth())];
      costs.push({ events, format, megabytes, seconds, reads, clientMegabytes, serverMegabytes });
      await app.stop();
    }
    return costs;
  } finally {
    await Promise.all([azure.stop(), rm(folder, { recursive: true })]);
  }
}

/** Answers the highest memory of the command, in megabytes. */
async function run({ url, token, from, to, out }: Order): Promise<number> {
  const period = ['--from', from.toISOString(), '--to', to.toISOString()];
  const child = spawn(
    process.execPath,
    ['dist/netcheck.mjs', 'audit', 'export', '--quiet', '--url', url, '--out', out, ...period],
    { cwd: root, env: { ...process.env, NETCHECK_TOKEN: token }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const highest = highestUntilExit(child.pid ?? 0);
  const [code] = await once(child, 'exit');
  const megabytes = highest();
  if (code !== 0) throw new Error(`The export ended with ${String(code)}.`);
  return megabytes;
}
