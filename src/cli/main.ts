import { run } from './run.ts';
import { createTerminal } from './terminal.ts';

declare const NETCHECK_VERSION: string | undefined;

const { argv, env, stdin, stdout, stderr } = process;
const interrupt = new AbortController();
process.on('SIGINT', () => {
  // Whoever presses it twice does not want to wait.
  if (interrupt.signal.aborted) process.exit(130);
  interrupt.abort(new Error('Interrupted.'));
});
// Whoever reads may have gone (`| head`): there is nobody to tell.
stdout.on('error', () => undefined);
stderr.on('error', () => undefined);

const ended = await run(argv.slice(2), {
  version: typeof NETCHECK_VERSION === 'string' ? NETCHECK_VERSION : '0.0.0',
  environment: env,
  terminalFor: (isQuiet) => createTerminal({ environment: env, stdin, stdout, stderr, isQuiet }),
  signal: interrupt.signal,
});
process.exitCode = ended.exit;
await write(stderr, ended.stderr);
await write(stdout, ended.stdout);
// A connection that is kept open is no reason to stay.
process.exit();

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (text === '') resolve();
    else
      stream.write(text, () => {
        resolve();
      });
  });
}
