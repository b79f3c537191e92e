import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import { derivedUuid } from './derived-uuid.ts';
import { readBody } from '../server/read-body.ts';
import { sendJson } from '../server/send-json.ts';
import { type SigningKey, signingKey } from './signing-key.ts';
import { startLoopbackServer } from '../server/start-loopback-server.ts';
import { tokenClaims } from './token-claims.ts';
import { parseTokenRequest, type TokenRequest } from './token-request.ts';

const LIFETIME_SECONDS = 3600;
const tenantId = derivedUuid('tenant');
const audience = derivedUuid('audience');
// No address of a server: the port changes at a restart, and tokens outlive it.
const issuers = { 1: `https://sts.windows.net/${tenantId}/`, 2: `https://issuer.local.example/${tenantId}/v2.0` };

export interface TokenIssuer {
  /** For `ENTRA_AUTHORITY` */
  readonly authority: string;
  /** For `ENTRA_TENANT_ID`; always the same. */
  readonly tenantId: string;
  /** For `ENTRA_AUDIENCE`; always the same. */
  readonly audience: string;
  /** Answers `/.local/token` on the app's own address, whose host lets no page from elsewhere ask; false where the request is for somebody else. */
  route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>;
  stop(): Promise<void>;
}

interface Options {
  /** Keeps the signing key, so that tokens outlive a restart. */
  readonly folder?: string | undefined;
  /** Milliseconds since 1970 */
  readonly now?: () => number;
}

/** Issues really signed access tokens that look like Entra ID's, and serves the keys to check them with. */
export async function startTokenIssuer({ folder, now = Date.now }: Options = {}): Promise<TokenIssuer> {
  const key = await signingKey(folder);
  const server = await startLoopbackServer((request, response) => {
    sendMetadata({ key, url: server.url }, request, response);
    return Promise.resolve();
  });
  return {
    authority: server.url,
    tenantId,
    audience,
    route: async (request, response, url) => {
      if (url.pathname !== '/.local/token') return false;
      await sendToken({ key, now }, request, response);
      return true;
    },
    stop: () => server.stop(),
  };
}

function sendMetadata(
  { key: { publicJwk, keyId }, url }: { readonly key: SigningKey; readonly url: string },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const keysPath = `/${tenantId}/discovery/v2.0/keys`;
  if (request.url === `/${tenantId}/v2.0/.well-known/openid-configuration`) {
    sendJson(response, 200, { issuer: issuers[2], jwks_uri: `${url}${keysPath}` });
  } else if (request.url === keysPath) sendJson(response, 200, { keys: [{ ...publicJwk, kid: keyId, use: 'sig' }] });
  else sendJson(response, 404, { error: 'not_found', error_description: `The tenant here is ${tenantId}.` });
}

interface Deps {
  readonly key: SigningKey;
  readonly now: () => number;
}

async function sendToken(deps: Deps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refuse = (status: number, message: string, headers = {}) => {
    sendJson(response, status, { error: { code: 'InvalidTokenRequest', message } }, headers);
  };
  if (request.method !== 'POST') {
    refuse(405, 'Send POST.', { allow: 'POST' });
    return;
  }
  const body = await readBody(request);
  if (body === undefined) {
    refuse(413, 'The body is over 64 KiB; name fewer roles and groups.');
    return;
  }
  const parsed = parseTokenRequest(body);
  if ('fault' in parsed) {
    refuse(400, parsed.fault);
    return;
  }
  const token = await signedToken(deps, parsed.request);
  sendJson(response, 200, { access_token: token, token_type: 'Bearer', expires_in: LIFETIME_SECONDS });
}

async function signedToken({ key, now }: Deps, request: TokenRequest): Promise<string> {
  const seconds = Math.floor(now() / 1000);
  return new SignJWT(tokenClaims(tenantId, request))
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key.keyId })
    .setIssuer(issuers[request.version])
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setNotBefore(seconds)
    .setExpirationTime(seconds + LIFETIME_SECONDS)
    .sign(key.privateKey);
}
