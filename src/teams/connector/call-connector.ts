import { isServiceUrl } from '../is-service-url.ts';
import type { Address } from '../ports/connector.ts';

/** A token for the Bot Connector, from a cache where there is one; never the refused one. */
export type GetBotToken = (signal: AbortSignal, refused?: { readonly token: string }) => Promise<string>;

export interface ConnectorDeps {
  readonly getToken: GetBotToken;
  /** `host[:port]` of the service URLs that the token may be sent to. */
  readonly serviceHosts: readonly string[];
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => Date;
  /** For token, call and body together. */
  readonly timeoutMs: number;
  /** What operators are told of trouble: whoever asks learns only that Teams says nothing now. */
  readonly warn: (message: string, error: unknown) => void;
}

/** What is asked of a conversation. */
export interface Errand {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Behind the conversation, with its query. */
  readonly path: string;
  readonly body?: string;
}

/** `cause` has nothing secret. */
export interface Failed {
  readonly kind: 'failed';
  readonly cause: string;
}

/**
 * Makes one bounded call to the Bot Connector, and reads its answer within the same bound. Redirects are not followed.
 * What token endpoint, network and `read` throw is told, not thrown.
 */
export async function callConnector<T>(
  deps: ConnectorDeps,
  to: Address,
  errand: Errand,
  read: (response: Response, signal: AbortSignal) => Promise<T>,
): Promise<T | Failed> {
  // It was checked when it came, and has been in storage since.
  if (!isServiceUrl(to.serviceUrl, deps.serviceHosts))
    return { kind: 'failed', cause: 'The service URL is not among TEAMS_SERVICE_HOSTS.' };
  const signal = AbortSignal.timeout(deps.timeoutMs);
  try {
    const base = `${to.serviceUrl.replace(/\/+$/, '')}/v3/conversations/${encodeURIComponent(to.conversationId)}`;
    const response = await exchange(deps, { ...errand, url: `${base}/${errand.path}` }, signal);
    return response ? await read(response, signal) : noToken;
  } catch (error) {
    return { kind: 'failed', cause: causeOf(error) };
  }
}

const noToken: Failed = { kind: 'failed', cause: 'There is no token for the Bot Connector.' };

interface Call extends Omit<Errand, 'path'> {
  readonly url: string;
}

async function exchange(deps: ConnectorDeps, call: Call, signal: AbortSignal): Promise<Response | undefined> {
  const token = await tokenFrom(deps, signal);
  if (token === undefined) return undefined;
  const response = await ask(deps, call, token, signal);
  if (response.status !== 401) return response;
  await response.body?.cancel();
  // It was refused before anything was done, so that it can be sent again at once.
  const renewed = await tokenFrom(deps, signal, { token });
  return renewed === undefined ? undefined : ask(deps, call, renewed, signal);
}

/** Why there is none is in nothing that is kept: such an error may quote what it was given. */
async function tokenFrom(
  { getToken }: ConnectorDeps,
  signal: AbortSignal,
  refused?: { readonly token: string },
): Promise<string | undefined> {
  try {
    const token = await getToken(signal, refused);
    return /^[\x21-\x7e]+$/.test(token) && token !== refused?.token ? token : undefined;
  } catch {
    return undefined;
  }
}

const ask = ({ fetch }: ConnectorDeps, { method, url, body }: Call, token: string, signal: AbortSignal) =>
  fetch(url, {
    ...{ method, redirect: 'manual', signal },
    ...(body !== undefined && { body }),
    headers: {
      ...{ authorization: `Bearer ${token}`, accept: 'application/json' },
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  });

/** A code such as `ECONNREFUSED`: messages of the network may quote what is secret. */
function causeOf(error: unknown): string {
  if (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)) return 'No answer came in time.';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `The connection broke (${code}).` : 'The connection broke.';
}
