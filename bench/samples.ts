import { readFileSync } from 'node:fs';

export interface Sample {
  /** Bytes */
  readonly rss: number;
  /** Event-loop delay since the start of the process, in milliseconds. */
  readonly p99: number;
}

/** Arguments of node by which a process writes a sample of itself to a file twice a second. */
export function samplingArguments(file: string): string[] {
  const preload = `
    import { appendFileSync } from 'node:fs';
    import { monitorEventLoopDelay } from 'node:perf_hooks';
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    setInterval(() => {
      const sample = { rss: process.memoryUsage.rss(), p99: delay.percentile(99) / 1e6 };
      appendFileSync(${JSON.stringify(file)}, JSON.stringify(sample) + '\\n');
    }, 500).unref();`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
}

export function readSamples(file: string): Sample[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const samples: Sample[] = JSON.parse(`[${lines.join()}]`);
  return samples;
}
