import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { derivedUuid } from '../entra/derived-uuid.ts';
import { sendJson } from '../server/send-json.ts';
import { startLoopbackServer } from '../server/start-loopback-server.ts';

const LIFETIME_SECONDS = 24 * 60 * 60;

export interface IdentityEndpoint {
  /** For `IDENTITY_ENDPOINT` */
  readonly endpoint: string;
  /** For `IDENTITY_HEADER` */
  readonly header: string;
  /** Whether the token came from here, has not expired, and was not revoked. */
  issued(token: string): boolean;
  /** How many tokens were asked for since the start. */
  readonly grants: number;
  /** From now on tokens that were issued so far are not good any more. */
  revoke(): void;
  stop(): Promise<void>;
}

interface Deps {
  /** Milliseconds since 1970 */
  readonly now: () => number;
  readonly header: string;
  key: Buffer;
  grants: number;
}

/**
 * App Service's managed-identity endpoint on this machine, for the real clients of `@azure/identity` and `@azure/msal-node`.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export async function startIdentityEndpoint({ now = Date.now } = {}): Promise<IdentityEndpoint> {
  const deps: Deps = { now, header: randomBytes(24).toString('hex').toUpperCase(), key: randomBytes(32), grants: 0 };
  const server = await startLoopbackServer((request, response) => {
    answer(deps, request, response);
    return Promise.resolve();
  });
  return {
    endpoint: `${server.url}/msi/token`,
    header: deps.header,
    issued: (token) => issued(deps, token),
    get grants() {
      return deps.grants;
    },
    revoke: () => {
      deps.key = randomBytes(32);
    },
    stop: () => server.stop(),
  };
}

function answer(deps: Deps, request: IncomingMessage, response: ServerResponse): void {
  const refuse = (statusCode: number, message: string) => {
    sendJson(response, statusCode, { statusCode, message });
  };
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const resource = searchParams.get('resource');
  if (request.method !== 'GET' || pathname !== '/msi/token') refuse(404, 'Send GET to /msi/token.');
  else if (!same(request.headers['x-identity-header'], deps.header)) {
    refuse(401, 'Send the value of IDENTITY_HEADER in the header X-IDENTITY-HEADER.');
  } else if (searchParams.get('api-version') !== '2019-08-01') refuse(400, 'Send api-version=2019-08-01.');
  else if (!resource) refuse(400, 'Name the resource that the token is for, as in resource=https://….');
  else sendJson(response, 200, grant(deps, resource, searchParams.get('client_id')));
}

function grant(deps: Deps, resource: string, clientId: string | null) {
  deps.grants += 1;
  const expiresOn = String(Math.floor(deps.now() / 1000) + LIFETIME_SECONDS);
  const claims = Buffer.from(JSON.stringify([resource, expiresOn, randomBytes(8).toString('hex')])).toString(
    'base64url',
  );
  return {
    access_token: `${claims}.${expiresOn}.${sign(deps, `${claims}.${expiresOn}`)}`,
    expires_on: expiresOn,
    resource,
    token_type: 'Bearer',
    client_id: clientId ?? derivedUuid('system-assigned identity'),
  };
}

// The token proves itself, so that nothing has to be remembered of it.
function issued(deps: Deps, token: string): boolean {
  const [claims = '', expiresOn = '', signature] = token.split('.');
  return same(signature, sign(deps, `${claims}.${expiresOn}`)) && Number(expiresOn) * 1000 > deps.now();
}

function sign({ key }: Deps, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function same(given: unknown, expected: string): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
