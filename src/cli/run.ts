import { readBase } from '../client/address.ts';
import { createClient } from '../client/client.ts';
import { createSend } from '../client/send.ts';
import { world } from '../client/world.ts';
import { escapeHidden } from '../contract/text/escape-hidden.ts';
import { notSignedIn } from '../sign-in/sign-in-error.ts';
import { asCliError, CliError, usageError } from './cli-error.ts';
import type { Context, Outcome, Terminal } from './context.ts';
import { dispatch } from './dispatch.ts';
import { exitCodes } from './exit-codes.ts';
import { httpFetch } from './http-fetch.ts';
import { type Arguments, type Options, readArguments } from './options.ts';
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
    return { stdout: `${jsonText({ error: { code, message, ...more } })}\n`, stderr: '', exit };
  }
}

function told({ json, text, exit }: Outcome, isJson: boolean): Ended {
  if (json === undefined && text === '') return { stdout: '', stderr: '', exit };
  return { stdout: `${isJson ? jsonText(json) : text}\n`, stderr: '', exit };
}

/** A terminal may be given it, too: what that would obey is escaped, and reads back as it was. */
const jsonText = (value: unknown): string => escapeHidden(JSON.stringify(value, null, 2), '\n');

const interrupted = (goingOn = ''): CliError =>
  new CliError('Interrupted', `Interrupted. ${goingOn}`.trim(), exitCodes.interrupted);

async function contextOf(
  { words, options }: Arguments,
  { version, environment, terminalFor, signal }: Deps,
  goingOn: Context['goingOn'],
): Promise<Context> {
  const isTokenGiven = options.token !== undefined || Boolean(environment['NETCHECK_TOKEN']?.trim());
  const said = options.url ?? (environment['NETCHECK_URL'] || undefined);
  const signedInTo = said === undefined ? await onlySession(environment) : () => undefined;
  const url = (): string => {
    // A token that is given belongs to a proxy that is said; another one must not get it.
    const meant = said ?? (isTokenGiven ? undefined : signedInTo());
    if (meant === undefined) throw usageError('Say which proxy: with --url, or in NETCHECK_URL.');
    return proxyUrl(meant);
  };
  const getToken = () =>
    tokenSource({
      origin: new URL(url()).origin,
      given: tokenIn(options, environment),
      file: sessionsFile(environment, process.platform),
      signal,
    });
  const agent = `cli/${version}`;
  return {
    ...{ words, options, version, environment, signal, url, goingOn },
    terminal: terminalFor(options.quiet === true),
    tokens: getToken,
    client: () => createClient({ url: url(), getToken: getToken(), fetch: httpFetch, agent }),
    send: () => createSend({ ...world, base: readBase(url()), getToken: getToken(), fetch: httpFetch, agent }),
  };
}

/** The token that is given. Throws for what is none, and does not tell it. */
function tokenIn({ token }: Options, environment: Deps['environment']): string | undefined {
  if (token?.trim() === '') throw usageError('--token is empty: give a token, or leave the option out.');
  const given = (token ?? environment['NETCHECK_TOKEN'])?.trim();
  if (given === undefined || given === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(given)) return given;
  throw notSignedIn(
    `What ${token === undefined ? 'NETCHECK_TOKEN' : '--token'} has is no token: a token is one word of ASCII letters, digits and signs.`,
  );
}

/** Who is signed in to one proxy means that one. A file that cannot be read concerns who needs it alone. */
async function onlySession(environment: Deps['environment']): Promise<() => string | undefined> {
  try {
    const origins = Object.keys(await readSessions(sessionsFile(environment, process.platform)));
    return () => (origins.length === 1 ? origins[0] : undefined);
  } catch (error) {
    return () => {
      throw asCliError(error);
    };
  }
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
