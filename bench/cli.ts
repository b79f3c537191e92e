import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startBenchAzure } from './bench-azure.ts';
import { quantile } from './quantile.ts';

export interface CliCost {
  readonly what: string;
  /** Median, in milliseconds. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

const RUNS = 20;
const netcheck = fileURLToPath(new URL('../dist/netcheck.mjs', import.meta.url));

/**
 * What one waits for at a terminal: a check that is asked for and shown, together; and the start of the command beside
 * that of Node.js itself, by turns, so that both have the same machine.
 */
export async function cli(): Promise<CliCost[]> {
  const azure = await startBenchAzure('azurite');
  const app = await azure.start();
  try {
    const env = { ...process.env, NETCHECK_URL: app.url, NETCHECK_TOKEN: await azure.token('cli') };
    const submit = [netcheck, 'web-01', '10.1.2.4:1433', '--no-wait', '--json'];
    const pair = async (): Promise<void> => {
      const { id } = JSON.parse(await run(submit, env)) as { id: string };
      await run([netcheck, 'show', id, '--json'], env);
    };
    // The first check of all makes tables and queue.
    await pair();
    const [both, version, bare]: number[][] = [[], [], []];
    for (let turn = 0; turn < RUNS; turn++) {
      both?.push(await timed(pair));
      version?.push(await timed(() => run([netcheck, 'version'], env)));
      bare?.push(await timed(() => run(['-e', '0'], env)));
    }
    return [
      row('netcheck --no-wait, then show', both ?? []),
      row('netcheck version', version ?? []),
      row('node -e 0', bare ?? []),
    ];
  } finally {
    await app.stop();
    await azure.stop();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** A check that has not ended, or does not end well, is no failure here. */
const run = (words: readonly string[], env: NodeJS.ProcessEnv): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, words, { env }, (error, stdout, stderr) => {
      if (error && ![3, 6, 7].includes(Number(error.code))) reject(new Error(`${words.join(' ')}: ${stdout}${stderr}`));
      else resolve(stdout);
    });
  });

const row = (what: string, times: readonly number[]): CliCost => ({
  what,
  median: quantile(times, 0.5),
  least: quantile(times, 0),
  most: quantile(times, 1),
});
