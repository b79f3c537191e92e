import type { Answer } from '../check/ports/network-watcher.ts';
import { armCallInfo } from './arm-call-info.ts';
import { hostIn, resolveArmUrl } from './arm-url.ts';
import type { Exchange } from './exchange.ts';
import type { ArmMishap } from '../check/state/retry-rules.ts';
import { outcome } from './outcome.ts';
import { jsonOf } from '../contract/json-of.ts';
import { withoutDoubledMembers } from '../arm/doubled-members.ts';
import { operationState } from '../arm/operation-body.ts';
import { waitIn } from '../arm/retry-after.ts';

const DEFAULT_WAIT_SECONDS = 60;

type Answered = Extract<Exchange, { kind: 'answer' }>;

interface Deps {
  readonly origin: string;
  readonly now: Date;
  /** Where the operation was asked for: it stays good where an answer tells no newer place. */
  readonly polledUrl?: string;
}

/**
 * Reads one answer of the asynchronous operation, to the POST that begins it or to a poll. Status and body alone decide:
 * done and failed answers carry a Location too.
 */
export function operation(deps: Deps, call: 'begin' | 'poll', exchange: Exchange): Answer {
  const arm = armCallInfo(exchange);
  const failedBy = (what: number | ArmMishap, detail?: string) => outcome(call, what, exchange, deps.now, detail);
  if (exchange.kind === 'no-response') return failedBy(exchange.mishap, exchange.detail);
  if (exchange.kind === 'oversized') return failedBy('too large');
  if (exchange.kind === 'too deep') return failedBy('too deep');
  if (exchange.status !== 200 && exchange.status !== 202) return failedBy(exchange.status);
  const value = jsonOf(exchange.body);
  const state = exchange.status === 202 ? 'running' : operationState(value);
  if (state === 'done') return { arm, kind: 'done', body: withoutDoubledMembers(exchange.body, value) };
  if (state !== 'running') return failedBy(state === 'failed' ? 'failed operation' : 'unreadable');
  const operationUrl = nextUrl(exchange, deps);
  if (operationUrl === undefined) return failedBy('no Location', locationDetail(exchange, deps));
  return {
    arm,
    kind: 'running',
    operationUrl,
    afterSeconds: waitIn(exchange.headers, deps.now) ?? DEFAULT_WAIT_SECONDS,
  };
}

// Most answers bring a new signed Location, and the newest counts.
function nextUrl(exchange: Answered, { origin, polledUrl }: Deps): string | undefined {
  const location = exchange.headers.get('location');
  return (location === null ? undefined : resolveArmUrl(location, origin)) ?? polledUrl;
}

function locationDetail(exchange: Answered, { origin }: Deps): string {
  const location = exchange.headers.get('location');
  if (location === null) return 'it is absent';
  const host = hostIn(location, origin);
  return `it is not a plain URL on ARM_ENDPOINT${host === undefined ? '' : ` but leads to ${host}`}`;
}
