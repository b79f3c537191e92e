import { readFileSync } from 'node:fs';

export interface DelaySample {
  /** How often the count of delays was begun anew so far. */
  readonly resets: number;
  /** Event-loop delay since then, in milliseconds. */
  readonly p99: number;
}

/**
 * Arguments of node by which a process writes its event loop's delay to a file twice a second, and begins to count
 * anew whenever it gets SIGUSR2.
 */
export function delayArguments(file: string): string[] {
  const preload = `
    import { appendFileSync } from 'node:fs';
    import { monitorEventLoopDelay } from 'node:perf_hooks';
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    let resets = 0;
    process.on('SIGUSR2', () => { delay.reset(); resets++; });
    setInterval(() => {
      const sample = { resets, p99: delay.percentile(99) / 1e6 };
      appendFileSync(${JSON.stringify(file)}, JSON.stringify(sample) + '\\n');
    }, 500).unref();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
}

export function readDelays(file: string): DelaySample[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const samples: DelaySample[] = JSON.parse(`[${lines.join()}]`);
  return samples;
}
