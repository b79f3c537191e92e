import * as oauth from 'oauth4webapi';
import { isLoopback } from '../address/is-loopback.ts';
import { visible } from '../rendering/visible.ts';
import { mayServe, type Offer } from './offer.ts';
import { notSignedIn, SignInError } from './sign-in-error.ts';
import type { Tokens } from './tokens.ts';

/** An authority that was confirmed, as the library wants it. */
export interface Authority {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly auth: oauth.ClientAuth;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so that it stands out: it is for the local issuer.
  readonly options: { readonly signal: AbortSignal; readonly [oauth.allowInsecureRequests]: boolean };
  /** What is asked for. */
  readonly scope: string;
}

/**
 * Reads where the authority's endpoints are. Its issuer may be named otherwise than its address: Entra ID of some clouds
 * and the local issuer are so. Tokens of this issuer go to the proxy alone, which verifies them by its own settings.
 */
export async function readAuthority(
  offer: Offer & { readonly clientId: string },
  origin: string,
  signal: AbortSignal,
): Promise<Authority> {
  const address = `${offer.authority}/.well-known/openid-configuration`;
  const answer = await fetch(address, {
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new SignInError('NoAnswer', `${address} gave no answer.`, { cause });
  });
  const metadata: unknown = answer.status === 200 ? await answer.json().catch(() => undefined) : undefined;
  const members: Readonly<Record<string, unknown>> =
    typeof metadata === 'object' && metadata !== null ? { ...metadata } : {};
  const issuer = members['issuer'];
  if (typeof issuer !== 'string')
    throw new SignInError('UnexpectedAnswer', `${address} answered ${answer.status}, and no OpenID configuration.`);
  const endpoint = (name: string): Record<string, string> => {
    const url = members[name];
    if (typeof url !== 'string') return {};
    if (URL.canParse(url) && mayServe(new URL(url), origin)) return { [name]: url };
    throw notSignedIn(`The authority ${offer.authority} names an address that is not https: ${url}`);
  };
  return {
    server: {
      issuer,
      ...endpoint('authorization_endpoint'),
      ...endpoint('token_endpoint'),
      ...endpoint('device_authorization_endpoint'),
      authorization_response_iss_parameter_supported:
        members['authorization_response_iss_parameter_supported'] === true,
    },
    client: { client_id: offer.clientId },
    auth: oauth.None(),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- as above; `mayServe` holds every address to loopback.
    options: { signal, [oauth.allowInsecureRequests]: isLoopback(new URL(origin)) },
    scope: `openid offline_access ${offer.scope}`,
  };
}

/** What is kept of an answer with tokens; a refresh may bring no new refresh token. */
export function tokensIn(answer: oauth.TokenEndpointResponse, before?: Tokens): Tokens {
  const claims = oauth.getValidatedIdTokenClaims(answer);
  const name = [claims?.['name'], claims?.['preferred_username'], before?.name].find(
    (each) => typeof each === 'string',
  );
  const refreshToken = answer.refresh_token ?? before?.refreshToken;
  return {
    accessToken: answer.access_token,
    expiresAt: Date.now() + 1000 * (answer.expires_in ?? 300),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(name !== undefined && { name }),
  };
}

/** What the authority said no to, for a person. */
export function asSignInError(error: unknown): unknown {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError)
    return notSignedIn(
      inOneLine(
        `The sign-in ended with ${error.error}${error.error_description === undefined ? '' : `: ${error.error_description}`}`,
      ),
    );
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError)
    return notSignedIn(`The authority's answer cannot be believed: ${inOneLine(error.message)}`);
  return error;
}

const inOneLine = (text: string): string => visible(text.trim().replace(/\s+/g, ' '));
