import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// On a quiet machine it is a second.
const START_MILLISECONDS = 40_000;
const masterKey = 'master-key-of-tests';

export interface App {
  readonly url: string;
  readonly pid: number;
  /** Every line the app logged so far. */
  readonly log: readonly string[];
  /** Runs a function that HTTP does not trigger, as an operator does; answered before the run ends. */
  runByHand(name: string): Promise<Response>;
  /** Ends it as Ctrl-C does, and answers its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/**
 * The built app in a process of its own, as `npm start` runs it; settings that are not given are started by it.
 * `program` is what `node` is told to run.
 */
export async function startApp(
  settings: Readonly<Record<string, string>>,
  node = process.execPath,
  program: readonly string[] = ['--import', 'tsx', 'stand-ins/main.ts'],
): Promise<App> {
  const { PATH = '', HOME = '' } = process.env;
  const environment = { PATH, HOME, PORT: '0', MASTER_KEY: masterKey, ...settings };
  const child = spawn(node, program, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
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
      reject(new Error(`The app ${why}.\n${log.join('\n')}`));
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
  const kill = async (): Promise<void> => {
    await end('SIGKILL');
  };
  const runByHand = (name: string) =>
    fetch(`${url}/admin/functions/${name}`, { method: 'POST', headers: { 'x-functions-key': masterKey }, body: '{}' });
  return { url, pid: child.pid ?? 0, log, runByHand, stop: () => end('SIGINT'), kill };
}
