import { type ArmCall, type ArmMishap, type ArmRule, armRules, unforeseenByArm } from '../check/state/retry-rules.ts';
import type { Failure, CallFailure } from '../check/ports/network-watcher.ts';
import { armError, type ArmError } from './arm-error.ts';
import { armCallInfo } from './arm-call-info.ts';
import type { Exchange } from './exchange.ts';
import { fill } from '../contract/fill.ts';
import { retryAfter } from '../arm/retry-after.ts';

const BUSY = 'RetryableErrorDueToAnotherOperation';

// ARM names the right it missed; where it does not, the one that the call needs.
const rights: Readonly<Record<ArmCall, string>> = {
  begin: 'Microsoft.Network/networkWatchers/connectivityCheck/action',
  poll: 'Microsoft.Network/locations/operationResults/read',
  source: 'to read the source',
  watchers: 'Microsoft.Network/networkWatchers/read',
};

/**
 * Looks up in the rules what a call that brought neither a result nor a running operation comes to, by its status or by
 * what went wrong; `detail` goes into the rule's message.
 */
export function outcome(
  call: ArmCall,
  what: number | ArmMishap,
  exchange: Exchange,
  now: Date,
  detail = '',
): CallFailure {
  const arm = armCallInfo(exchange);
  const error = exchange.kind === 'answer' ? armError(exchange.body) : undefined;
  const rule = armRules.find((row) => fits(row, call, what, error)) ?? unforeseenByArm;
  const failure = failureOf(rule, call, exchange, error, detail);
  if (rule.then === 'fail') return { kind: 'failed', arm, failure };
  const afterSeconds = waitTold(exchange, error, now);
  return {
    kind: 'retry',
    arm,
    ...(afterSeconds === undefined ? {} : { afterSeconds }),
    ...(rule.atMost === undefined ? {} : { atMost: rule.atMost }),
    failure,
  };
}

function fits(rule: ArmRule, call: ArmCall, what: number | ArmMishap, error: ArmError | undefined): boolean {
  if (rule.when !== String(what) && rule.when !== String(what).replace(/^(\d)\d\d$/, '$1xx')) return false;
  if (rule.on !== undefined && !rule.on.includes(call)) return false;
  return rule.armCode === undefined || (error?.entries.some(({ code }) => code === rule.armCode) ?? false);
}

function failureOf(
  rule: ArmRule,
  call: ArmCall,
  exchange: Exchange,
  error: ArmError | undefined,
  detail: string,
): Failure {
  const told = {
    status: exchange.kind === 'no-response' ? '' : String(exchange.status),
    armCode: error?.entries.find(({ code }) => /^[\w.-]{1,80}$/.test(code))?.code ?? 'no code',
    right: missingRight(error) ?? rights[call],
    detail,
  };
  return {
    code: rule.code,
    message: fill(rule.message, told),
    advice: { action: fill(rule.action, told), owner: rule.owner },
    ...(error === undefined ? {} : { innererror: error.value }),
    ...(exchange.kind === 'answer' ? { answer: { status: exchange.status, body: exchange.body } } : {}),
  };
}

function missingRight(error: ArmError | undefined): string | undefined {
  return error?.entries.flatMap(({ message }) => /\baction '([\w./]{1,200})'/.exec(message)?.[1] ?? [])[0];
}

function waitTold(exchange: Exchange, error: ArmError | undefined, now: Date): number | undefined {
  if (exchange.kind === 'no-response') return undefined;
  const busy = error?.entries.find(({ code }) => code === BUSY)?.message ?? '';
  const seconds = /\bcan be retried in (\d{1,5}) seconds?\b/.exec(busy)?.[1] ?? null;
  return retryAfter(exchange.headers.get('retry-after'), now) ?? retryAfter(seconds, now);
}
