import { readBase } from '../client/address.ts';
import { createClient } from '../client/client.ts';
import { createSend } from '../client/send.ts';
import { world } from '../client/world.ts';
import { asCliError, CliError, usageError } from './cli-error.ts';
import type { Context, Outcome, Terminal } from './context.ts';
import { dispatch } from './dispatch.ts';
import { exitCodes } from './exit-codes.ts';
import { httpFetch } from './http-fetch.ts';
import { type Arguments, readArguments } from './options.ts';
import { readSessions, sessionsFile } from './sign-in/sessions.ts';
import { tokenSource } from './sign-in/token-source.ts';

interface Deps {
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminalFor: (isQuiet: boolean) => Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** What stands on standard output and standard error at the end, and the exit code. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** Runs a command. Whatever happens, there is one outcome, and with `--json` one JSON document. */
export async function run(given: readonly string[], deps: Deps): Promise<Ended> {
  // Also where the other options are not understood.
  const end = given.indexOf('--');
  const isJson = (end < 0 ? given : given.slice(0, end)).includes('--json');
  let goingOn: string | undefined;
  try {
    const context = await contextOf(readArguments(given), deps, (advice) => (goingOn = advice));
    return told(await dispatch(context), isJson);
  } catch (error) {
    const fault = deps.signal.aborted ? interrupted(goingOn) : asCliError(error);
    const { code, message, exit, more } = fault;
    if (!isJson) return { stdout: '', stderr: `${message}\n`, exit };
    return { stdout: `${JSON.stringify({ error: { code, message, ...more } }, null, 2)}\n`, stderr: '', exit };
  }
}

const told = ({ json, text, exit }: Outcome, isJson: boolean): Ended => ({
  stdout: `${isJson ? JSON.stringify(json, null, 2) : text}\n`,
  stderr: '',
  exit,
});

const interrupted = (goingOn = ''): CliError =>
  new CliError('Interrupted', `Interrupted. ${goingOn}`.trim(), exitCodes.interrupted);

async function contextOf(
  { words, options }: Arguments,
  { version, environment, terminalFor, signal }: Deps,
  goingOn: Context['goingOn'],
): Promise<Context> {
  const given = options.url ?? (environment['NETCHECK_URL'] || undefined) ?? (await onlySession(environment));
  const url = (): string => {
    if (given === undefined) throw usageError('Say which proxy: with --url, or in NETCHECK_URL.');
    return proxyUrl(given);
  };
  const getToken = () =>
    tokenSource({
      origin: new URL(url()).origin,
      given: options.token ?? environment['NETCHECK_TOKEN'],
      file: sessionsFile(environment, process.platform),
      signal,
    });
  const agent = `cli/${version}`;
  return {
    ...{ words, options, version, environment, signal, url, goingOn },
    terminal: terminalFor(options.quiet === true),
    client: () => createClient({ url: url(), getToken: getToken(), fetch: httpFetch, agent }),
    send: () => createSend({ ...world, base: readBase(url()), getToken: getToken(), fetch: httpFetch, agent }),
  };
}

/** Who is signed in to one proxy means that one. */
async function onlySession(environment: Deps['environment']): Promise<string | undefined> {
  const origins = Object.keys(await readSessions(sessionsFile(environment, process.platform)));
  return origins.length === 1 ? origins[0] : undefined;
}

/** The address itself is not told: it may have a password in it. */
function proxyUrl(url: string): string {
  try {
    readBase(url);
    return url;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usageError(
      "Give the proxy's address with --url, or in NETCHECK_URL: it begins with https:// (http:// on this machine alone), and has no user name, query or fragment.",
    );
  }
}
