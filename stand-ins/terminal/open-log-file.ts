import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A run's log is at most twice as long: the newest part, and the one before. */
const MOST_BYTES = 10 * 1024 * 1024;
/** How many files of earlier runs are left. */
const KEPT = 20;

interface LogFile {
  readonly path: string;
  write(line: string): void;
}

/** The log of this run in a file of its own, whose lines are there when the process is killed; the oldest runs' are deleted. */
export function openLogFile(folder: string, now: Date, mostBytes = MOST_BYTES): LogFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const former = readdirSync(folder).filter((name) => /\.log(\.1)?$/.test(name));
  for (const name of former.toSorted().slice(0, -KEPT)) rmSync(join(folder, name), { force: true });
  const path = join(folder, `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z-${process.pid}.log`);
  let bytes = 0;
  const write = (line: string) => {
    const text = `${line}\n`;
    if (bytes > 0 && bytes + Buffer.byteLength(text) > mostBytes) {
      renameSync(path, `${path}.1`);
      bytes = 0;
    }
    appendFileSync(path, text, { mode: 0o600 });
    bytes += Buffer.byteLength(text);
  };
  appendFileSync(path, '', { mode: 0o600 });
  return { path, write };
}
