import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface ForkedProgram {
  readonly pid: number;
  /** The next thing that it says. Throws where it ends instead. */
  readonly heard: () => Promise<unknown>;
  readonly say: (word: string) => void;
  readonly stop: () => Promise<void>;
}

/** A program of this folder in a process of its own, which has to end when it is disconnected. */
export function forkProgram(file: URL, argument: object = {}): ForkedProgram {
  const child = fork(file, [JSON.stringify(argument)]);
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    async heard() {
      const ended = exited.then(([code]) => {
        throw new Error(`${file.pathname} ended with ${String(code)} before it answered.`);
      });
      const [message]: unknown[] = await Promise.race([once(child, 'message'), ended]);
      return message;
    },
    say: (word) => void child.send(word),
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
