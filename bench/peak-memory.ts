import { readFileSync, writeFileSync } from 'node:fs';

/** Resident memory of a process in megabytes, as Linux counts it: now, and at its highest. `undefined` once it has ended. */
function memoryOf(pid: number): { readonly now: number; readonly highest: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN);
    const [now, highest] = [kilobytes('VmRSS') / 1024, kilobytes('VmHWM') / 1024];
    return Number.isNaN(now) ? undefined : { now, highest };
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}

/** Counts a running process's highest memory from now on; answers by how many megabytes it has grown. */
export function memoryGrowth(pid: number): () => number {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = memoryOf(pid)?.now ?? NaN;
  return () => (memoryOf(pid)?.highest ?? NaN) - before;
}

const LOOK_MILLISECONDS = 5;

/** Highest memory of a process that ends by itself, in megabytes: the mark is read until it is gone. */
export function highestUntilExit(pid: number): () => number {
  let highest = NaN;
  const timer = setInterval(() => (highest = memoryOf(pid)?.highest ?? highest), LOOK_MILLISECONDS);
  return () => {
    clearInterval(timer);
    return highest;
  };
}
