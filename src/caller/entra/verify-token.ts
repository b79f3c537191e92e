import { jwtVerify, type JWTPayload } from 'jose';
import type { Caller, Via } from '../../contract/requester.ts';
import { bearerToken } from '../bearer-token.ts';
import { createSigningKeys } from '../signing-keys.ts';
import { type Authority, type KeySet, readKeySet } from './read-key-set.ts';
import { refuseArmToken } from './refuse-arm-token.ts';
import { toCaller } from './to-caller.ts';
import { tokenProblem } from './token-problem.ts';

/** Azure's clocks and Entra ID's are synchronized; a minute bears a bad one and keeps an expired token alive no longer. */
const CLOCK_SKEW_SECONDS = 60;

export interface TokenVerifierDeps extends Authority {
  readonly now: () => Date;
  /** `aud` of accepted tokens: client id or application id URI. */
  readonly audiences: readonly string[];
}

/**
 * Who an Authorization header speaks for. Throws `InvalidToken` for whatever is the token's fault, and
 * `SigningKeysUnavailable` where that cannot be found out now.
 */
export type TokenVerifier = (authorization: string | undefined, via: Via) => Promise<Caller>;

/** Verifies access tokens of one Entra ID tenant, versions 1 and 2, of users and of applications. */
export const createTokenVerifier = (deps: TokenVerifierDeps): TokenVerifier =>
  callerVerifier(createClaimsVerifier(deps), deps);

/** Claims of the token in an Authorization header. Throws as a `TokenVerifier` does. */
export type ClaimsVerifier = (authorization: string | undefined) => Promise<JWTPayload>;

export const callerVerifier =
  (verifyClaims: ClaimsVerifier, { tenantId }: Pick<TokenVerifierDeps, 'tenantId'>): TokenVerifier =>
  async (authorization, via) =>
    toCaller(await verifyClaims(authorization), tenantId.toLowerCase(), via);

export function createClaimsVerifier(deps: TokenVerifierDeps): ClaimsVerifier {
  const tenantId = deps.tenantId.toLowerCase();
  const keySetWith = createSigningKeys({ readKeySet: () => readKeySet({ ...deps, tenantId }), now: deps.now });
  return async (authorization) => {
    const { token, keyId } = bearerToken(authorization);
    refuseArmToken(token, deps.audiences);
    const keySet = await keySetWith(keyId);
    return verifiedClaims(token, keySet, { ...deps, tenantId });
  };
}

async function verifiedClaims(token: string, keySet: KeySet, deps: TokenVerifierDeps): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keySet.chooseKey, {
      algorithms: ['RS256'],
      issuer: [...keySet.issuers],
      audience: [...deps.audiences],
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: deps.now(),
    });
    return payload;
  } catch (error) {
    throw tokenProblem(error);
  }
}
