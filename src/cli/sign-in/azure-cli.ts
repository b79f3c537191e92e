import { execFile } from 'node:child_process';
import { visible } from '../../rendering/visible.ts';
import { notSignedIn } from '../../sign-in/sign-in-error.ts';
import { resourceOf } from './offer.ts';
import type { Session } from './sessions.ts';

/** A token of whoever is signed in to the Azure CLI, for the confirmed scope; `undefined` where there is no Azure CLI. */
export async function tokenOfAzureCli({ scope, authority }: Session, signal: AbortSignal): Promise<string | undefined> {
  const tenant = /^\/([0-9a-f-]{36})(?:\/|$)/i.exec(new URL(authority).pathname)?.[1];
  const words = [
    ...['account', 'get-access-token', '--scope', `${resourceOf(scope)}/.default`],
    ...(tenant === undefined ? [] : ['--tenant', tenant]),
    ...['--output', 'json'],
  ];
  // On Windows it is a script, which only a shell runs; the words have letters that mean nothing to one.
  const isWindows = process.platform === 'win32';
  const called = isWindows ? run('cmd', ['/d', '/c', 'az', ...words], signal) : run('az', words, signal);
  const { fault, stdout, stderr } = await called;
  if (fault === 'ENOENT') return undefined;
  const token = fault === undefined ? tokenIn(stdout) : undefined;
  if (token !== undefined) return token;
  const [why = 'no token came'] = stderr.split('\n').filter((line) => line.trim() !== '');
  throw notSignedIn(`The Azure CLI gave no token for this proxy: ${visible(why)}\nSign in with: netcheck login`);
}

interface Ran {
  readonly fault: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (program: string, words: readonly string[], signal: AbortSignal): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(program, words, { signal, timeout: 60_000, windowsHide: true }, (error, stdout, stderr) => {
      const isMissing = error !== null && (error.code === 'ENOENT' || /is not recognized/.test(stderr));
      resolve({ fault: isMissing ? 'ENOENT' : (error?.code ?? error ?? undefined), stdout, stderr });
    });
  });

function tokenIn(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const token =
      typeof answer === 'object' && answer !== null && 'accessToken' in answer ? answer.accessToken : undefined;
    return typeof token === 'string' ? token : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
