import type { CallIds } from '../check/ports/network-watcher.ts';
import { armUrl, hostIn } from './arm-url.ts';
import type { Exchange } from './exchange.ts';
import { readExchange } from './read-exchange.ts';
import { challengeIn } from './token/challenge-in.ts';

export interface ArmRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute. A URL off ARM's origin is not called. */
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly ids: CallIds;
  /** Where it is shorter than the client's own. */
  readonly timeoutMs?: number;
}

/** Azure Resource Manager by HTTP, one bounded exchange at a time. */
export interface Arm {
  /** Scheme, host and port: the only place that a token is ever sent to. */
  readonly origin: string;
  /** Never throws for what the network, ARM or the identity endpoint do; never follows a redirect. */
  send(request: ArmRequest): Promise<Exchange>;
  /** Whether ARM refuses the identity's token; it is asked only where it did so last. */
  refusesToken(): Promise<boolean>;
}

/** A token that ARM has just refused. */
export interface RefusedToken {
  readonly token: string;
  /** What ARM wants the next one to claim. */
  readonly claims?: string;
}

/** A token for ARM, from a cache where there is one; never the refused one from a cache. */
export type GetToken = (signal: AbortSignal, refused?: RefusedToken) => Promise<string>;

export interface ArmDeps {
  readonly endpoint: URL;
  readonly getToken: GetToken;
  readonly fetch: typeof globalThis.fetch;
  /** For token, call and body together; the POST alone has taken 20 s. */
  readonly timeoutMs: number;
}

/** Within what readiness waits for. */
const PROBE_TIMEOUT_MS = 4000;

export function createArm(deps: ArmDeps): Arm {
  const origin = deps.endpoint.origin;
  let isRefused = false;
  const send = async (request: ArmRequest): Promise<Exchange> => {
    if (armUrl(request.url, origin) === undefined) return noResponse('foreign URL', foreignHost(request.url, origin));
    const timeoutMs = Math.min(deps.timeoutMs, request.timeoutMs ?? deps.timeoutMs);
    const answer = await within(timeoutMs, (signal) => exchange(deps, request, signal));
    if (answer.kind !== 'no-response') isRefused = answer.status === 401;
    return answer;
  };
  return {
    origin,
    send,
    refusesToken: async () => {
      // Whatever the identity may read, this is answered.
      const url = `${origin}/subscriptions?api-version=2022-12-01`;
      const ids = { clientRequestId: 'readiness' };
      if (isRefused) await send({ method: 'GET', url, ids, timeoutMs: PROBE_TIMEOUT_MS });
      return isRefused;
    },
  };
}

function foreignHost(url: string, origin: string): string {
  const host = hostIn(url, origin);
  return host === undefined ? '' : ` but on ${host}`;
}

// A race, because a token source may ignore the signal.
async function within(timeoutMs: number, work: (signal: AbortSignal) => Promise<Exchange>): Promise<Exchange> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<Exchange>((resolve) => {
    timer = setTimeout(() => {
      resolve(noResponse('no answer', `timed out after ${Math.ceil(timeoutMs / 1000)} s`));
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(controller.signal), expiry]);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(deps: ArmDeps, request: ArmRequest, signal: AbortSignal): Promise<Exchange> {
  const token = await tokenFrom(deps, signal);
  if (token === undefined) return noResponse('no token', '');
  const answer = await ask(deps, request, token, signal);
  if (answer.kind !== 'answer' || answer.status !== 401) return answer;
  const { claims } = challengeIn(answer.headers);
  const renewed = await tokenFrom(deps, signal, { token, ...(claims === undefined ? {} : { claims }) });
  // Each POST is audited before it is made, so it is another step that repeats it, with the new token.
  if (renewed === undefined || renewed === token || request.method === 'POST') return answer;
  return ask(deps, request, renewed, signal);
}

async function ask(deps: ArmDeps, request: ArmRequest, token: string, signal: AbortSignal): Promise<Exchange> {
  try {
    const response = await deps.fetch(request.url, {
      method: request.method,
      headers: headersOf(request, token),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      redirect: 'manual',
      signal,
    });
    return await readExchange(response);
  } catch (error) {
    return noResponse('no answer', reasonOf(error));
  }
}

// Why there is no token is for the identity library's own log: its errors may quote what they were given.
async function tokenFrom(deps: ArmDeps, signal: AbortSignal, refused?: RefusedToken): Promise<string | undefined> {
  try {
    const token = await deps.getToken(signal, refused);
    return isWord(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

function headersOf({ method, ids }: ArmRequest, token: string): Record<string, string> {
  return {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    // Both can come from a caller's headers; one that HTTP cannot carry would make every attempt fail.
    ...(isWord(ids.clientRequestId) ? { 'x-ms-client-request-id': ids.clientRequestId } : {}),
    ...(ids.traceparent !== undefined && isWord(ids.traceparent) ? { traceparent: ids.traceparent } : {}),
  };
}

function isWord(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

// Only the system's word for it, such as ECONNREFUSED: an error's message may quote the headers it was given.
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code;
  return 'connection lost';
}

function noResponse(mishap: 'no token' | 'no answer' | 'foreign URL', detail: string): Exchange {
  return { kind: 'no-response', mishap, detail };
}
