import { addressUnder, type Base } from './address.ts';
import { type Answer, errorOf } from './answer.ts';
import { NetcheckError } from './netcheck-error.ts';
import { unlessAborted, type World } from './world.ts';

/** One call. */
export interface Order {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query under the proxy's address, such as `/api/checks`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Becomes JSON. */
  readonly body?: unknown;
  /** For how many seconds the proxy may hold the answer. */
  readonly wait?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** An answer that was lost is not asked for again: the call could tell something else then. */
  readonly once?: boolean | undefined;
}

export type Send = (order: Order) => Promise<Answer>;

interface Deps extends World {
  readonly base: Base;
  readonly getToken: () => string | Promise<string>;
  readonly fetch: typeof fetch;
  readonly agent: string | undefined;
}

const MOST_TRIES = 4;
/** How long one call waits between its tries, altogether. */
const MOST_PAUSE_SECONDS = 30;
const LONGEST_HOLD_SECONDS = 120;
/** Azure's front end gives up after as long. */
const ANSWER_SECONDS = 230;
/** How late a held answer may come; a connection can die without a word. */
const LATE_SECONDS = 30;

/**
 * Sends a call under the base until it is answered with 2xx. What passes is asked again: lost answers, 429, 503, and what a
 * gateway says; after `Retry-After`, or some random time, for 30 s altogether. Any other answer is thrown as `NetcheckError`.
 */
export function createSend(deps: Deps): Send {
  return async (order) => {
    let patience = MOST_PAUSE_SECONDS;
    for (let tries = 1; ; tries++) {
      const come = await ask(deps, order);
      if (!(come instanceof NetcheckError)) return come;
      const pause = come.retryAfterSeconds ?? deps.random() * 2 ** (tries - 1);
      patience -= pause;
      if (tries === MOST_TRIES || patience < 0 || !isPassing(come, order)) throw come;
      await deps.sleep(pause * 1000, order.signal);
    }
  };
}

function isPassing({ code, status }: NetcheckError, { once = false }: Order): boolean {
  if (code === 'NoAnswer') return !once;
  if (code === 'UnexpectedAnswer') return !once && [429, 502, 503, 504].includes(status);
  return status === 429 || status === 503;
}

async function ask(deps: Deps, order: Order): Promise<Answer | NetcheckError> {
  const { method, path, body, signal, wait = 0 } = order;
  signal?.throwIfAborted();
  const url = addressUnder(deps.base, path);
  const token = await unlessAborted(signal, Promise.resolve(deps.getToken()));
  // The error of a header that cannot be made would tell the token.
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new TypeError('getToken: what it answers is no token that a header can have.');
  const late = AbortSignal.timeout(1000 * (wait > 0 ? holdOf(wait) + LATE_SECONDS : ANSWER_SECONDS));
  // What is made here throws for what the caller gave; what is sent, for the network.
  const init = {
    method,
    headers: new Headers(headersOf(deps, order, token)),
    redirect: 'manual' as const,
    // A browser lets one request for an address wait for another's answer, so that it can keep it; and that one may be held.
    cache: 'no-store' as const,
    signal: signal ? AbortSignal.any([signal, late]) : late,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  try {
    const response = await deps.fetch(url, init);
    const answer = { status: response.status, headers: response.headers, body: await response.arrayBuffer() };
    return errorOf(answer, deps.now()) ?? answer;
  } catch (cause) {
    signal?.throwIfAborted();
    const why = late.aborted ? 'in time' : '';
    return new NetcheckError('NoAnswer', `The proxy at ${deps.base.origin} gave no answer ${why}`.trim() + '.', {
      cause,
    });
  }
}

const holdOf = (wait: number): number => Math.min(LONGEST_HOLD_SECONDS, Math.ceil(wait));

function headersOf({ agent }: Deps, { headers, body, wait = 0 }: Order, token: string): Record<string, string> {
  return {
    accept: 'application/json',
    ...headers,
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(wait > 0 ? { prefer: `wait=${holdOf(wait)}` } : {}),
    ...(agent === undefined ? {} : { 'x-netcheck-client': agent }),
  };
}
