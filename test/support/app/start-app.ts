import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { holdAnswersOf } from '../openapi/hold-answers.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// On a quiet machine it is a second.
const START_MILLISECONDS = 40_000;
const masterKey = 'master-key-of-tests';

export interface App {
  readonly url: string;
  readonly pid: number;
  /** Every line the app logged so far, as its log file has them. */
  readonly log: readonly string[];
  /** What its terminal showed so far: standard output and standard error, line by line. */
  readonly terminal: readonly string[];
  /** Runs a function that HTTP does not trigger, as an operator does; answered before the run ends. */
  runByHand(name: string): Promise<Response>;
  /** Ends it as Ctrl-C does, and answers its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/**
 * The built app in a process of its own, as `npm start` runs it; settings that are not given are started by it.
 * `program` is what `node` is told to run, from the app in `folder`.
 */
export async function startApp(
  settings: Readonly<Record<string, string>>,
  node = process.execPath,
  program: readonly string[] = ['--import', 'tsx', 'stand-ins/main.ts'],
  folder = root,
): Promise<App> {
  const { PATH = '', HOME = '' } = process.env;
  const environment = { PATH, HOME, PORT: '0', MASTER_KEY: masterKey, ...settings };
  const child = spawn(node, program, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const terminal: string[] = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => terminal.push(line));
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
    return child.exitCode;
  };
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      fail('is not ready in time');
    }, START_MILLISECONDS);
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`The app ${why}.\n${terminal.join('\n')}`));
    };
    const endedEarly = (code: number | null): void => {
      fail(`ended with ${code ?? 'a signal'} before it was ready`);
    };
    child.once('exit', endedEarly);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Ready: (.*)$/.exec(line)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      child.off('exit', endedEarly);
      resolve(found);
    });
  });
  child.once('exit', holdAnswersOf(url));
  const kill = async (): Promise<void> => {
    await end('SIGKILL');
  };
  const runByHand = (name: string) =>
    fetch(`${url}/admin/functions/${name}`, { method: 'POST', headers: { 'x-functions-key': masterKey }, body: '{}' });
  const path = terminal.map((line) => /^.* The log is (\S+)$/.exec(line)?.[1]).find((found) => found !== undefined);
  const readLog = logReader(join(folder, path ?? ''));
  // Whoever copies what is returned has the lines and not the getter.
  const reading = setInterval(readLog, 50).unref();
  child.once('exit', () => {
    clearInterval(reading);
    readLog();
  });
  return {
    url,
    pid: child.pid ?? 0,
    get log() {
      return readLog();
    },
    terminal,
    runByHand,
    stop: () => end('SIGINT'),
    kill,
  };
}

/** The whole lines of a file that grows; only what is new is read. */
function logReader(path: string): () => readonly string[] {
  const lines: string[] = [];
  let rest = '';
  let read = 0;
  return () => {
    if (!existsSync(path)) return lines;
    const file = openSync(path, 'r');
    const bytes = Buffer.alloc(fstatSync(file).size - read);
    readSync(file, bytes, 0, bytes.length, read);
    closeSync(file);
    read += bytes.length;
    const [last = '', ...whole] = `${rest}${bytes.toString()}`.split('\n').toReversed();
    rest = last;
    lines.push(...whole.toReversed());
    return lines;
  };
}
