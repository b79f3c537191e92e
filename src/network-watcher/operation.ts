import { z } from 'zod';
import type { Answer } from '../check/ports/network-watcher.ts';
import { armTrace } from './arm-trace.ts';
import { armUrl } from './arm-url.ts';
import type { Exchange } from './exchange.ts';
import { outcome } from './outcome.ts';
import { jsonOf } from '../contract/json-of.ts';
import { retryAfter } from '../arm/retry-after.ts';

const DEFAULT_WAIT_SECONDS = 60;

/** The call that was answered: the POST that begins the operation, or a poll. */
export interface OperationCall {
  readonly kind: 'begin' | 'poll';
}

type Spoken = Extract<Exchange, { kind: 'answer' }>;

/** Reads one answer of the asynchronous operation. The status alone decides: done and failed answers carry a Location too. */
export function operation(
  deps: { readonly origin: string; readonly now: Date },
  call: OperationCall,
  exchange: Exchange,
): Answer {
  const arm = armTrace(exchange);
  const otherwise = (said: string, detail?: string) => outcome(call.kind, said, exchange, deps.now, detail);
  if (exchange.kind === 'silent') return otherwise(exchange.said, exchange.detail);
  if (exchange.kind === 'oversized') return otherwise('too large');
  if (exchange.status === 200) {
    const said = resultOrFault(exchange.body);
    return said === 'result' ? { arm, kind: 'done', body: exchange.body } : otherwise(said);
  }
  if (exchange.status !== 202) return otherwise(String(exchange.status));
  const operationUrl = nextUrl(exchange, deps.origin);
  if (operationUrl === undefined) return otherwise('no Location', locationFault(exchange));
  const afterSeconds = retryAfter(exchange.headers.get('retry-after'), deps.now) ?? DEFAULT_WAIT_SECONDS;
  return { arm, kind: 'running', operationUrl, afterSeconds };
}

// Every 202 brings a new signed Location, and the newest counts.
function nextUrl(exchange: Spoken, origin: string): string | undefined {
  const location = exchange.headers.get('location');
  return location === null ? undefined : armUrl(location, origin);
}

function locationFault(exchange: Spoken): string {
  return exchange.headers.has('location') ? 'it is not a plain URL on ARM_ENDPOINT' : 'it is absent';
}

const object = z.looseObject({
  status: z.unknown().optional(),
  connectionStatus: z.unknown().optional(),
  hops: z.unknown().optional(),
});

// A 200 can be the report of a failed operation, or `null`; neither is a ConnectivityInformation.
function resultOrFault(body: string): 'result' | 'failed operation' | 'unreadable' {
  const { data } = object.safeParse(jsonOf(body));
  if (data === undefined) return 'unreadable';
  if (typeof data.status !== 'string' || data.connectionStatus !== undefined || data.hops !== undefined)
    return 'result';
  return /^\s*(?:failed|cancell?ed)\s*$/i.test(data.status) ? 'failed operation' : 'unreadable';
}
