import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT } from 'jose';
import { derivedUuid } from './derived-uuid.ts';
import { readBody } from '../server/read-body.ts';
import { sendJson } from '../server/send-json.ts';
import { type SigningKey, signingKey } from './signing-key.ts';
import { startLoopbackServer } from '../server/start-loopback-server.ts';
import { isClick, openidProvider } from './openid-provider.ts';
import { publicClientId, tokenClaims } from './token-claims.ts';
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
  /** For `ENTRA_CLIENT_ID`; always the same. */
  readonly clientId: string;
  /** Answers `/.local/token` on the app's own address, whose host lets no page from elsewhere ask; false where the request is for somebody else. */
  route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean>;
  stop(): Promise<void>;
}

interface Options {
  /** Keeps the signing key, so that tokens outlive a restart. */
  readonly folder?: string | undefined;
  /** Of the app, whose page may sign in here. */
  readonly appOrigin: string;
  /** Milliseconds since 1970 */
  readonly now?: () => number;
}

/**
 * Issues really signed access tokens that look like Entra ID's: to whoever asks `/.local/token`, and by OpenID Connect
 * to whoever signs in on a page of its own. No page of another origin gets anything here.
 */
export async function startTokenIssuer({ folder, appOrigin, now = Date.now }: Options): Promise<TokenIssuer> {
  const key = await signingKey(folder);
  const path = `/${tenantId}/v2.0`;
  const scope = `api://${audience}/user_impersonation`;
  const openid = await openidProvider({
    ...{ key, issuer: issuers[2], tenantId, audience, clientId: publicClientId, scope, path, appOrigin },
    lifetimeSeconds: LIFETIME_SECONDS,
  });
  const server = await startLoopbackServer(async (request, response) => {
    if (!isOwnPage(request, server.url, appOrigin)) sendJson(response, 403, { error: 'foreign_origin' });
    else if (request.url?.startsWith(`${path}/`)) await openid(request, response);
    else sendJson(response, 404, { error: 'not_found', error_description: `The tenant here is ${tenantId}.` });
  });
  return {
    authority: server.url,
    tenantId,
    audience,
    clientId: publicClientId,
    route: async (request, response, url) => {
      if (url.pathname !== '/.local/token') return false;
      await sendToken({ key, now }, request, response);
      return true;
    },
    stop: () => server.stop(),
  };
}

/**
 * Whether a request was meant for this server, and no page from elsewhere sent it: a page can have its own name resolve
 * to loopback (then the Host header is that name). What a click does is asked for by a page of this server alone.
 */
function isOwnPage({ method, url, headers }: IncomingMessage, ownUrl: string, appOrigin: string): boolean {
  const { host, origin } = headers;
  if (`http://${host ?? ''}` !== ownUrl) return false;
  if (method === 'POST' && isClick(url ?? '')) return origin === ownUrl;
  return origin === undefined || origin === ownUrl || origin === appOrigin;
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
