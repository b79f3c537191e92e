import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK } from 'jose';
import type Provider from 'oidc-provider';
import type { Configuration, interactionPolicy, KoaContextWithOIDC } from 'oidc-provider';
import { readBody } from '../server/read-body.ts';
import { isLoopbackHost } from '../server/is-loopback-host.ts';
import type { SigningKey } from './signing-key.ts';
import * as pages from './sign-in-pages.ts';
import { idTokenClaims, tokenClaims } from './token-claims.ts';
import { parseTokenRequest, type TokenRequest } from './token-request.ts';

interface Deps {
  readonly key: SigningKey;
  readonly issuer: string;
  readonly tenantId: string;
  readonly audience: string;
  /** Of the public client. */
  readonly clientId: string;
  /** What the client asks for besides `openid offline_access`. */
  readonly scope: string;
  /** Before every path, without a slash at its end. */
  readonly path: string;
  readonly lifetimeSeconds: number;
  /** Where the app is. */
  readonly appOrigin: string;
}

const DAY_SECONDS = 86_400;

interface Accounts {
  /** The account's id */
  keep(request: TokenRequest): string;
  of(id: string): TokenRequest;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * OpenID Connect for one public client: authorization code with PKCE, device code, refresh tokens. Whoever signs in says
 * on its page who to be. What it keeps is in memory: a restart ends sign-ins that are under way, and refresh tokens.
 */
export async function openidProvider(deps: Deps): Promise<Answer> {
  const library = await loadLibrary();
  const accounts = keptAccounts(deps.tenantId);
  const provider = new library.OpenidProvider(deps.issuer, {
    ...(await configuration(deps, accounts)),
    // In place of its default, of which it warns.
    adapter: library.createMemoryAdapter(),
    interactions: {
      policy: askAlways(library.interactionPolicy),
      url: (_context, { uid }) => `${deps.path}/sign-in/${uid}`,
    },
  });
  // Without this the library holds a native client's redirects to those that are listed for it.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => isRedirectAllowed(uri, deps.appOrigin);
  const answer = provider.callback();
  const signInPath = new RegExp(`^${deps.path}/sign-in/[\\w-]+$`);
  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', deps.appOrigin);
    if (signInPath.test(pathname)) return signIn({ ...deps, provider, accounts }, request, response);
    return answer(mounted(request, deps.path), response);
  };
}

/** It is told to no reader that the library is made for a later Node than 20: our tests hold what is used of it there. */
async function loadLibrary() {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    const { default: OpenidProvider, interactionPolicy } = await import('oidc-provider');
    const { createMemoryAdapter } = await import('oidc-provider/lib/adapters/memory_adapter.js');
    return { OpenidProvider, interactionPolicy, createMemoryAdapter };
  } finally {
    console.warn = warn;
  }
}

/** Whether a POST there is what a button on one of the pages does; programs post elsewhere, and a query says nothing of where. */
export const isClick = (url: string): boolean => !/^[^?#]*\/(?:token|devicecode)(?:\?|$)/.test(url);

/** The app's own addresses, and those of this machine, where a command waits for the code. */
function isRedirectAllowed(uri: string, appOrigin: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { origin, protocol, hostname, username, password, hash } = new URL(uri);
  if (username !== '' || password !== '' || hash !== '') return false;
  return origin === appOrigin || (/^https?:$/.test(protocol) && isLoopbackHost(hostname));
}

async function configuration(deps: Deps, accounts: Accounts): Promise<Configuration> {
  const { key, clientId, appOrigin } = deps;
  return {
    clients: [
      {
        client_id: clientId,
        client_name: 'Connectivity Check Proxy',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        redirect_uris: ['http://localhost/'],
      },
    ],
    jwks: { keys: [{ ...(await privateJwk(key.privateKey)), kid: key.keyId, alg: 'RS256', use: 'sig' }] },
    routes: {
      authorization: '/authorize',
      token: '/token',
      device_authorization: '/devicecode',
      code_verification: '/device',
    },
    scopes: ['openid', 'offline_access'],
    claims: { openid: Object.keys(idTokenClaims(deps.tenantId, nobody)) },
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => ({
      accountId,
      claims: () => idTokenClaims(deps.tenantId, accounts.of(accountId)),
    }),
    formats: {
      customizers: {
        jwt: (_context, token, jwt) => {
          const { iss, aud, iat, exp } = jwt.payload;
          const claims = tokenClaims(deps.tenantId, accounts.of('accountId' in token ? token.accountId : ''));
          Object.assign(jwt, { header: { typ: 'JWT' }, payload: { iss, aud, iat, nbf: iat, exp, ...claims } });
        },
      },
    },
    features: features(deps),
    clientBasedCORS: (_context, origin) => origin === appOrigin,
    renderError: (context, { error, error_description: description }) => {
      page(context, pages.failed(description ?? error));
    },
    responseTypes: ['code'],
    ttl: {
      AccessToken: deps.lifetimeSeconds,
      IdToken: deps.lifetimeSeconds,
      ...{ AuthorizationCode: 60, DeviceCode: 600, Interaction: 600, Session: DAY_SECONDS },
      ...{ RefreshToken: DAY_SECONDS, Grant: DAY_SECONDS },
    },
  };
}

function features({ scope, audience, lifetimeSeconds }: Deps): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    dPoP: { enabled: false },
    userinfo: { enabled: false },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (context, form, _out, error) => {
        page(context, pages.enterCode(form, error !== undefined));
      },
      userCodeConfirmSource: (context, form, _client, _device, code) => {
        page(context, pages.confirmCode(form, code));
      },
      successSource: (context) => {
        page(context, pages.signedIn);
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resourceOf(audience),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope,
        audience,
        accessTokenTTL: lifetimeSeconds,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  };
}

const resourceOf = (audience: string): string => `api://${audience}`;

const privateJwk = (key: KeyObject) => exportJWK(createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })));

/** Who signed in once is asked again: nobody gets a code without a click. */
function askAlways({ base, Check }: typeof interactionPolicy): interactionPolicy.DefaultPolicy {
  const policy = base();
  policy
    .get('login')
    ?.checks.add(new Check('ask', 'Somebody is to say who to be', (context) => !context.oidc.result?.login));
  return policy;
}

/** As Express mounts an application below a path: the provider makes its links by both. */
function mounted(request: IncomingMessage, path: string): IncomingMessage {
  const url = withConsent((request.url ?? '/').slice(path.length));
  return Object.assign(request, { originalUrl: `${path}${url}`, url });
}

/** Refresh tokens are given as Entra ID gives them: to whoever asks for them, without `prompt=consent`. */
function withConsent(url: string): string {
  const [path, search] = url.split('?', 2);
  const query = new URLSearchParams(search);
  if (path !== '/authorize' || query.has('prompt')) return url;
  query.set('prompt', 'consent');
  return `/authorize?${query.toString()}`;
}

function page(context: KoaContextWithOIDC, body: string): void {
  context.set(pages.headers);
  context.body = body;
}

/** The page on which one says who to be, and what its button does. */
async function signIn(
  { scope, audience, provider, accounts }: Deps & { readonly provider: Provider; readonly accounts: Accounts },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: string) => {
    response.writeHead(status, pages.headers).end(body);
  };
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  if (!interaction) {
    send(400, pages.failed('This sign-in is over. Begin again.'));
    return;
  }
  if (request.method !== 'POST') {
    send(200, pages.chooseWho());
    return;
  }
  const asked = readForm((await readBody(request)) ?? '');
  if ('fault' in asked) {
    send(400, pages.chooseWho(asked.fault));
    return;
  }
  const accountId = accounts.keep(asked.request);
  const grant = new provider.Grant({ accountId, clientId: String(interaction.params['client_id']) });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(resourceOf(audience), scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId, remember: false }, consent });
}

function readForm(body: string): ReturnType<typeof parseTokenRequest> {
  const form = new URLSearchParams(body);
  const groups = (form.get('groups') ?? '').split(/[\s,]+/).filter(Boolean);
  return parseTokenRequest(JSON.stringify({ user: form.get('user')?.trim(), roles: form.getAll('roles'), groups }));
}

const nobody: TokenRequest = { user: 'nobody', roles: [], groups: [], app: false, version: 2 };

/** Who signed in, by the subject of their tokens; somebody who signs in again has what they chose last. */
function keptAccounts(tenantId: string): Accounts {
  const chosen = new Map<string, TokenRequest>();
  return {
    keep: (request) => {
      const id = idTokenClaims(tenantId, request).sub;
      chosen.set(id, request);
      return id;
    },
    of: (id) => {
      const request = chosen.get(id);
      if (!request) throw new Error('Nobody signed in with this account; sign in again.');
      return request;
    },
  };
}
