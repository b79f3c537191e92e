import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/netcheck.mjs', import.meta.url));

export interface Ran {
  /** Absent where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** What stands on standard error so far. */
  readonly said: () => string;
  readonly child: ChildProcess;
  /** Resolves when standard error has the text. */
  readonly says: (part: string) => Promise<void>;
  readonly ended: Promise<Ran>;
}

interface How {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on standard input; closed where there is none. */
  readonly stdin?: string;
  /** Standard input stays open, as a person's does who types nothing. */
  readonly isOpen?: boolean;
}

/** A person's place: what they are signed in to, the programs on their PATH, and what those were asked. */
export interface Home {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Without an Azure CLI, whatever the machine has. */
export async function newHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'netcheck-'));
  return { folder, env: { XDG_STATE_HOME: join(folder, 'state'), PATH: folder, HOME: folder, BROWSER: 'false' } };
}

/** An Azure CLI that gives this token, and keeps what it was asked in the file `az-asked`. */
export async function withAz({ folder }: Home, token: string, exit = 0): Promise<void> {
  const script = [
    `#!${process.execPath}`,
    `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'az-asked'))}, process.argv.slice(2).join(' ') + '\\n');`,
    exit === 0
      ? `console.log(JSON.stringify({ accessToken: ${JSON.stringify(token)} }));`
      : `console.error('ERROR: AADSTS65001: \\u001b[31mnot consented'); process.exitCode = ${exit};`,
  ];
  await writeFile(join(folder, 'az'), script.join('\n'), { mode: 0o755 });
}

/** The CLI as it is installed: one file, in a process of its own. */
export function start(words: readonly string[], { env = {}, stdin, isOpen = false }: How = {}): Running {
  const child = spawn(process.execPath, [program, ...words], { env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  if (!isOpen) child.stdin.end(stdin);
  let said = '';
  const waiting = new Set<() => void>();
  child.stderr.on('data', (piece: Buffer) => {
    said += piece.toString();
    for (const look of waiting) look();
  });
  const code = new Promise<number | null>((resolve) => {
    child.on('exit', (each) => {
      resolve(each);
    });
  });
  const ended = Promise.all([code, text(child.stdout), new Promise((resolve) => child.stderr.on('end', resolve))]).then(
    ([each, stdout]): Ran => ({ code: each, stdout, stderr: said }),
  );
  return {
    child,
    ended,
    said: () => said,
    says: (part) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!said.includes(part)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        void code.then(() => {
          reject(new Error(`It ended before it said ${JSON.stringify(part)}:\n${said}`));
        });
        look();
      }),
  };
}

export const netcheck = (words: readonly string[], how?: How): Promise<Ran> => start(words, how).ended;
