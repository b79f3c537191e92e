import { z } from 'zod';
import type { Answer } from '../check/ports/network-watcher.ts';
import { armCallInfo } from './arm-call-info.ts';
import { armUrl } from './arm-url.ts';
import type { Exchange } from './exchange.ts';
import type { ArmMishap } from '../check/state/retry-rules.ts';
import { outcome } from './outcome.ts';
import { jsonOf } from '../contract/json-of.ts';
import { retryAfter } from '../arm/retry-after.ts';

const DEFAULT_WAIT_SECONDS = 60;

type Answered = Extract<Exchange, { kind: 'answer' }>;

/** Reads one answer of the asynchronous operation, to the POST that begins it or to a poll. The status alone decides: done and failed answers carry a Location too. */
export function operation(
  deps: { readonly origin: string; readonly now: Date },
  call: 'begin' | 'poll',
  exchange: Exchange,
): Answer {
  const arm = armCallInfo(exchange);
  const failedBy = (what: number | ArmMishap, detail?: string) => outcome(call, what, exchange, deps.now, detail);
  if (exchange.kind === 'no-response') return failedBy(exchange.mishap, exchange.detail);
  if (exchange.kind === 'oversized') return failedBy('too large');
  if (exchange.status === 200) {
    const mishap = mishapIn(exchange.body);
    return mishap === undefined ? { arm, kind: 'done', body: exchange.body } : failedBy(mishap);
  }
  if (exchange.status !== 202) return failedBy(exchange.status);
  const operationUrl = nextUrl(exchange, deps.origin);
  if (operationUrl === undefined) return failedBy('no Location', locationDetail(exchange));
  const afterSeconds = retryAfter(exchange.headers.get('retry-after'), deps.now) ?? DEFAULT_WAIT_SECONDS;
  return { arm, kind: 'running', operationUrl, afterSeconds };
}

// Every 202 brings a new signed Location, and the newest counts.
function nextUrl(exchange: Answered, origin: string): string | undefined {
  const location = exchange.headers.get('location');
  return location === null ? undefined : armUrl(location, origin);
}

function locationDetail(exchange: Answered): string {
  return exchange.headers.has('location') ? 'it is not a plain URL on ARM_ENDPOINT' : 'it is absent';
}

const object = z.looseObject({
  status: z.unknown().optional(),
  connectionStatus: z.unknown().optional(),
  hops: z.unknown().optional(),
});

// A 200 can be the report of a failed operation, or `null`; neither is a ConnectivityInformation.
function mishapIn(body: string): 'failed operation' | 'unreadable' | undefined {
  const { data } = object.safeParse(jsonOf(body));
  if (data === undefined) return 'unreadable';
  if (typeof data.status !== 'string' || data.connectionStatus !== undefined || data.hops !== undefined)
    return undefined;
  return /^\s*(?:failed|cancell?ed)\s*$/i.test(data.status) ? 'failed operation' : 'unreadable';
}
