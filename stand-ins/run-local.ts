import { startLocal } from './start-local.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
// npm passes on the Ctrl-C that the terminal has sent to every process already: both are one.
const SAME_SIGNAL_SECONDS = 0.3;

/**
 * Runs everything until a signal comes, then stops it in order and exits with 0; a second signal ends the process at
 * once. What keeps it from starting is told in a line, and it exits with 1. Standard output and standard error are for
 * the reader, a line for each check and each thing that is wrong; the log is in a file.
 */
export async function runLocal(process: NodeJS.Process, root: string): Promise<void> {
  const stops: (() => Promise<void>)[] = [];
  const state = { ending: false, since: 0 };
  const end = async (code: number) => {
    state.ending = true;
    state.since = process.uptime();
    // The app first, what it needs last.
    for (const stop of stops.reverse()) await stop();
    process.exit(code);
  };
  for (const signal of signals) {
    process.on(signal, () => {
      if (state.ending && process.uptime() - state.since < SAME_SIGNAL_SECONDS) return;
      if (state.ending) process.exit(130);
      end(0).catch(fail);
    });
  }
  const fail = (error: unknown) => {
    process.stderr.write(`${describe(error)}\n`);
    process.exit(1);
  };
  try {
    const url = await startLocal({
      root,
      environment: process.env,
      print: (text) => process.stdout.write(`${text}\n`),
      warn: (text) => process.stderr.write(`${text}\n`),
      onStarted: (stop) => stops.push(stop),
    });
    process.stdout.write(`Ready: ${url}\n`);
  } catch (error) {
    if (state.ending) return;
    process.stderr.write(`${describe(error)}\n`);
    await end(1).catch(fail);
  }
}

/** A plain error says what to do; any other is a fault of ours, and its stack is needed. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : (error.stack ?? error.message);
}
