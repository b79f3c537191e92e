import * as oauth from 'oauth4webapi';
import { asSignInError, readAuthority, tokensIn } from '../../sign-in/authority.ts';
import { type Offer, readOffer } from '../../sign-in/offer.ts';
import { notSignedIn, SignInError } from '../../sign-in/sign-in-error.ts';
import type { Tokens } from '../../sign-in/tokens.ts';
import { readRoute } from '../route.ts';
import { forgetTokens, keepTokens, keptTokens } from './kept-tokens.ts';
import { keepPending, takePending } from './pending.ts';

/** Who is signed in on this tab. Tokens are kept for the tab, and go to the proxy and the authority alone. */
export interface Session {
  /** Leaves for the authority, and comes back to where the person is now. */
  readonly begin: () => Promise<void>;
  /** Ends a sign-in that has come back; throws `SignInError`. */
  readonly finish: () => Promise<void>;
  readonly isSignedIn: () => boolean;
  /** A good token; throws `SignInError` where the person must sign in again. */
  readonly token: () => Promise<string>;
  readonly end: () => void;
}

/** A token that ends sooner is not sent: the proxy may look at it a little later. */
const SPARE_MILLISECONDS = 60_000;

export function createSession(publicUrl: string): Session {
  let refreshing: Promise<Tokens> | undefined;
  async function token(): Promise<string> {
    const tokens = keptTokens();
    if (!tokens) throw ended();
    if (tokens.expiresAt - SPARE_MILLISECONDS > Date.now()) return tokens.accessToken;
    // A refresh token can be good once: whoever asks meanwhile waits for the same.
    refreshing ??= refresh(publicUrl, tokens).finally(() => (refreshing = undefined));
    return (await refreshing).accessToken;
  }
  return {
    begin: () => begin(publicUrl),
    finish: () => finish(publicUrl),
    token,
    isSignedIn: () => keptTokens() !== undefined,
    end: forgetTokens,
  };
}

async function begin(publicUrl: string): Promise<void> {
  const { server, client, scope } = await authorityOf(publicUrl);
  if (server.authorization_endpoint === undefined) throw notSignedIn('The authority has no page to sign in on.');
  const pending = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    hash: location.hash,
  };
  const page = new URL(server.authorization_endpoint);
  const query = {
    ...{ client_id: client.client_id, response_type: 'code', response_mode: 'query', scope },
    ...{ redirect_uri: `${publicUrl}/`, state: pending.state, nonce: pending.nonce, code_challenge_method: 'S256' },
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
  };
  for (const [name, value] of Object.entries(query)) page.searchParams.set(name, value);
  keepPending(pending);
  location.assign(page);
}

async function finish(publicUrl: string): Promise<void> {
  const come = new URL(location.href);
  if (!come.searchParams.has('state')) return;
  const pending = takePending();
  // A code in the address bar is of no use to whoever copies it, and a reload begins anew.
  history.replaceState(null, '', `${location.pathname}${placeIn(pending?.hash)}`);
  if (!pending) throw notSignedIn('This sign-in was not begun on this tab, or has ended already. Sign in again.');
  try {
    const { server, client, auth, options } = await authorityOf(publicUrl);
    const code = oauth.validateAuthResponse(server, client, come, pending.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      ...([server, client, auth, code, `${publicUrl}/`, pending.verifier, options] as const),
    );
    const checks = { expectedNonce: pending.nonce, requireIdToken: true };
    keepTokens(tokensIn(await oauth.processAuthorizationCodeResponse(server, client, answer, checks)));
  } catch (error) {
    throw asSignInError(error);
  }
}

async function refresh(publicUrl: string, before: Tokens): Promise<Tokens> {
  if (before.refreshToken === undefined) throw ended();
  try {
    const { server, client, auth, options, scope } = await authorityOf(publicUrl);
    const answer = await oauth.refreshTokenGrantRequest(server, client, auth, before.refreshToken, {
      ...options,
      additionalParameters: { scope },
    });
    // An authority in trouble has not said no.
    if (answer.status >= 500 || answer.status === 429) throw noAnswer();
    return keepTokens(tokensIn(await oauth.processRefreshTokenResponse(server, client, answer), before));
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) throw ended();
    // So `fetch` says that the network is away.
    if (error instanceof TypeError) throw noAnswer({ cause: error });
    throw asSignInError(error);
  }
}

const noAnswer = (options?: ErrorOptions): SignInError =>
  new SignInError('NoAnswer', 'The authority gave no answer: your sign-in cannot be renewed just now.', options);

async function authorityOf(publicUrl: string) {
  const offer = withClient(await readOffer(publicUrl, soon()));
  return readAuthority(offer, new URL(publicUrl).origin, soon());
}

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

function withClient(offer: Offer): Offer & { readonly clientId: string } {
  const { clientId } = offer;
  if (clientId !== undefined) return { ...offer, clientId };
  throw notSignedIn(
    'Sign-in is not set up here: the operators of the proxy set ENTRA_CLIENT_ID. The command line works.',
  );
}

const ended = () => {
  forgetTokens();
  return notSignedIn('Your sign-in has ended.');
};

/** Only a place of this page is gone back to. */
const placeIn = (hash = ''): string => (readRoute(hash).view === 'unknown' ? '#/' : hash);
