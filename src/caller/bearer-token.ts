import { decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { Problem } from '../contract/problem.ts';

/** A token with the 200 groups that Entra ID puts in at most has about 10 KB. */
const MAX_LENGTH = 16_384;

const headerSchema = z.object({ alg: z.string(), kid: z.string().min(1) });

/** A signed token as it came, nothing of it verified. */
export interface BearerToken {
  readonly token: string;
  /** `kid`: the key that it says it is signed with. */
  readonly keyId: string;
}

/** Takes the one token out of an Authorization header. Throws `InvalidToken` for anything but one RS256 token. */
export function bearerToken(authorization: string | undefined): BearerToken {
  if (authorization === undefined || authorization.trim() === '') {
    throw invalid('Send an access token of Entra ID in the header `Authorization: Bearer <token>`.');
  }
  if (authorization.length > MAX_LENGTH) {
    throw invalid(`The Authorization header has over ${MAX_LENGTH} characters; ask for a token with fewer claims.`);
  }
  const token = /^bearer +([\w-]+\.[\w-]+\.[\w-]*) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw malformed();
  const header = headerSchema.safeParse(decodeHeader(token)).data;
  if (!header) throw malformed();
  if (header.alg !== 'RS256') throw invalid('The token must be signed with RS256, as access tokens of Entra ID are.');
  if (!isCanonical(token)) throw malformed();
  return { token, keyId: header.kid };
}

function decodeHeader(token: string): unknown {
  try {
    return decodeProtectedHeader(token);
  } catch {
    // The error can quote the token, so that it is not kept as the cause.
    throw malformed();
  }
}

// Base64url leaves bits of the last character unused: without this, several texts would be the same valid signature.
// https://www.rfc-editor.org/rfc/rfc4648#section-3.5
function isCanonical(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

function malformed(): Problem {
  return invalid('The Authorization header must be `Bearer` and one signed access token of Entra ID, unchanged.');
}

function invalid(message: string): Problem {
  return new Problem('InvalidToken', message);
}
