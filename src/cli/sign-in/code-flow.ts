import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import * as oauth from 'oauth4webapi';
import { notSignedIn } from '../../sign-in/sign-in-error.ts';
import { type Authority, tokensIn } from '../../sign-in/authority.ts';
import type { Tokens } from '../../sign-in/tokens.ts';

interface Deps {
  readonly note: (text: string) => void;
  /** Opens a page for the person; what cannot be opened is typed from the note. */
  readonly open: (url: string) => void;
}

const LONGEST_SIGN_IN_MILLISECONDS = 300_000;

/** Signs in by the browser: authorization code with PKCE, which comes back to this machine. */
export async function signInByCode(
  { note, open }: Deps,
  { server, client, auth, options, scope }: Authority,
): Promise<Tokens> {
  if (server.authorization_endpoint === undefined)
    throw notSignedIn('The authority has no page to sign in on: try netcheck login --device.');
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const back = await listen();
  try {
    const redirect = `http://localhost:${back.port}`;
    const page = new URL(server.authorization_endpoint);
    const query = {
      ...{ client_id: client.client_id, response_type: 'code', response_mode: 'query', redirect_uri: redirect, scope },
      ...{
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      },
    };
    for (const [name, value] of Object.entries(query)) page.searchParams.set(name, value);
    note(`Sign in at ${page.href}`);
    open(page.href);
    const come = await back.comesBack(state, options.signal);
    const code = oauth.validateAuthResponse(server, client, come, state);
    const answer = await oauth.authorizationCodeGrantRequest(server, client, auth, code, redirect, verifier, options);
    return tokensIn(
      await oauth.processAuthorizationCodeResponse(server, client, answer, {
        expectedNonce: nonce,
        requireIdToken: true,
      }),
    );
  } finally {
    back.close();
  }
}

const nothing = [404, 'Nothing is here.'] as const;

/** Waits on a free port of this machine for the browser to come back. */
async function listen() {
  let come: (url: URL) => void = () => undefined;
  let state = '';
  const arrived = new Promise<URL>((resolve) => (come = resolve));
  const answer = (target: string): readonly [status: number, text: string] => {
    if (!URL.canParse(target, 'http://localhost')) return nothing;
    const url = new URL(target, 'http://localhost');
    // Another page on the machine could ask, too: it does not know the state, and ends nothing.
    if (url.pathname !== '/' || url.searchParams.get('state') !== state || state === '') return nothing;
    come(url);
    return [
      200,
      url.searchParams.has('code')
        ? 'You are signed in. Close this page, and go back to the terminal.'
        : 'The sign-in ended without success. The terminal says why.',
    ];
  };
  const create = (): Server =>
    createServer((request, response) => {
      const [status, text] = answer(request.url ?? '');
      const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' };
      response.writeHead(status, headers).end(text);
    });
  const first = create().listen(0, '127.0.0.1');
  await once(first, 'listening');
  const address = first.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // `localhost` is either of the two; a machine may have no IPv6.
  const second = create()
    .on('error', () => undefined)
    .listen(port, '::1');
  return {
    port,
    comesBack: async (expected: string, signal: AbortSignal): Promise<URL> => {
      state = expected;
      let stop: () => void = () => undefined;
      const over = new Promise<never>((_resolve, reject) => {
        const late = setTimeout(() => {
          reject(notSignedIn('Nobody signed in within five minutes.'));
        }, LONGEST_SIGN_IN_MILLISECONDS);
        const abort = (): void => {
          reject(signal.reason instanceof Error ? signal.reason : new Error('Interrupted.'));
        };
        signal.addEventListener('abort', abort);
        stop = () => {
          clearTimeout(late);
          signal.removeEventListener('abort', abort);
        };
      });
      return Promise.race([arrived, over]).finally(stop);
    },
    close: () => {
      for (const each of [first, second]) {
        each.close();
        each.closeAllConnections();
      }
    },
  };
}

/** Opens the page with what `BROWSER` names, else with the system's own program. */
export function openPage(
  url: string,
  { BROWSER }: Readonly<Record<string, string | undefined>>,
  platform: string,
): void {
  const system: Readonly<Record<string, readonly [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  };
  const [program, ...before] = BROWSER ? [BROWSER] : (system[platform] ?? ['xdg-open']);
  const child = spawn(program, [...before, url], { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined).unref();
}
