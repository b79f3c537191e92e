import * as oauth from 'oauth4webapi';
import { notSignedIn } from '../../sign-in/sign-in-error.ts';
import { asSignInError, readAuthority, tokensIn } from '../../sign-in/authority.ts';
import { tokenOfAzureCli } from './azure-cli.ts';
import type { Tokens } from '../../sign-in/tokens.ts';
import { readSessions, type Session, writeSession } from './sessions.ts';

interface Deps {
  readonly origin: string;
  /** From `--token`, else from NETCHECK_TOKEN, fit for a header. */
  readonly given: string | undefined;
  readonly file: string;
  readonly signal: AbortSignal;
}

/** A token that ends sooner is not sent: the proxy may look at it a little later. */
const SPARE_MILLISECONDS = 60_000;

/**
 * A token for the proxy at that origin: the one given, the session's, the Azure CLI's. Session and scope are those that
 * were confirmed for this origin; where nothing was, nobody is asked for a token.
 */
export function tokenSource(deps: Deps): () => Promise<string> {
  let kept: { token: string; until: number } | undefined;
  return async () => {
    if (deps.given !== undefined) return deps.given;
    if (kept && kept.until > Date.now()) return kept.token;
    kept = await findToken(deps);
    return kept.token;
  };
}

async function findToken(deps: Deps): Promise<{ token: string; until: number }> {
  const session = (await readSessions(deps.file))[deps.origin];
  if (!session)
    throw notSignedIn(`You are not signed in to ${deps.origin}. Sign in with: netcheck login --url ${deps.origin}`);
  const tokens = await goodTokens(deps, session);
  if (tokens) return { token: tokens.accessToken, until: tokens.expiresAt - SPARE_MILLISECONDS };
  const token = await tokenOfAzureCli(session, deps.signal);
  // Some minutes: the Azure CLI keeps its tokens itself.
  if (token !== undefined) return { token, until: Date.now() + 5 * SPARE_MILLISECONDS };
  throw notSignedIn(`Your sign-in to ${deps.origin} has ended. Sign in with: netcheck login --url ${deps.origin}`);
}

async function goodTokens(deps: Deps, session: Session): Promise<Tokens | undefined> {
  const { tokens, clientId } = session;
  if (!tokens || isGood(tokens)) return tokens;
  if (clientId === undefined || tokens.refreshToken === undefined) return undefined;
  try {
    const fresh = await refreshed({ ...session, clientId }, tokens, tokens.refreshToken, deps);
    await writeSession(deps.file, deps.origin, { ...session, tokens: fresh });
    return fresh;
  } catch (error) {
    if (!(error instanceof oauth.ResponseBodyError)) throw asSignInError(error);
    // Another command may have used the refresh token, which is good once.
    const now = (await readSessions(deps.file))[deps.origin]?.tokens;
    return now && isGood(now) ? now : undefined;
  }
}

const isGood = ({ expiresAt }: Tokens): boolean => expiresAt - SPARE_MILLISECONDS > Date.now();

async function refreshed(
  session: Session & { readonly clientId: string },
  before: Tokens,
  refreshToken: string,
  { origin, signal }: Deps,
): Promise<Tokens> {
  const { server, client, auth, options } = await readAuthority(session, origin, signal);
  const answer = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, {
    ...options,
    additionalParameters: { scope: `openid offline_access ${session.scope}` },
  });
  return tokensIn(await oauth.processRefreshTokenResponse(server, client, answer), before);
}
