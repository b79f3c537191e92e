import { errors } from 'jose';
import { Problem } from '../../contract/problem.ts';

const claimFaults = new Map([
  ['iss', 'The token is of another issuer or tenant; sign in to the tenant of this service.'],
  ['aud', 'The token is for another application; get one for this service.'],
  ['nbf', 'The token is not valid yet; check the clock of the machine that got it.'],
  ['exp', 'The token has no expiry; get a new token from Entra ID.'],
]);

/**
 * What jose's refusal means for the token's owner; any other error is thrown on. jose's error is not kept as the cause,
 * as it carries the claims, which belong in no log. It checks claims after the signature, so a forger learns nothing.
 */
export function tokenProblem(error: unknown): Problem {
  if (!(error instanceof errors.JOSEError)) throw error;
  return new Problem('InvalidToken', explain(error));
}

function explain(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired; get a new one.';
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'The signature does not fit the token; send the token as Entra ID issued it.';
  }
  const fault = error instanceof errors.JWTClaimValidationFailed ? claimFaults.get(error.claim) : undefined;
  return fault ?? 'The token is not a signed access token of Entra ID; get a new one.';
}
