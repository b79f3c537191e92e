import { createInterface } from 'node:readline';
import { escapeHidden } from '../contract/text/escape-hidden.ts';
import type { Terminal } from './context.ts';
import { paintFor } from './draw/paint.ts';

interface Place {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly isQuiet: boolean;
}

const CLEAR_LINE = '\r\u001b[K';

/** The person's terminal. What moves is shown where somebody looks, and not in the log of a pipeline. */
export function createTerminal({ environment, stdin, stdout, stderr, isQuiet }: Place): Terminal {
  const isLive = stderr.isTTY && !isQuiet && !environment['CI'] && environment['TERM'] !== 'dumb';
  const tell = (text: string): void => {
    stderr.write(`${escapeHidden(text, '\n')}\n`);
  };
  const show = (text: string): void => {
    if (isLive) stderr.write(`${CLEAR_LINE}${text}`);
  };
  return {
    tell,
    note: (text) => {
      if (!isQuiet) tell(text);
    },
    waiting: (text) => {
      const begin = Date.now();
      const timer = setInterval(() => {
        show(`${text} runs, ${Math.round((Date.now() - begin) / 1000)} s …`);
      }, 1000).unref();
      return () => {
        clearInterval(timer);
        show('');
      };
    },
    progress: () => show,
    ask: async (question) => {
      stderr.write(question);
      if (stdin.destroyed || stdin.readableEnded) return undefined;
      const lines = createInterface({ input: stdin });
      try {
        for await (const line of lines) return line;
        return undefined;
      } finally {
        lines.close();
        if (!stdin.isTTY) stderr.write('\n');
      }
    },
    paint: paintFor(stdout.isTTY && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb'),
  };
}
