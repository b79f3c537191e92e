import {
  type ArmCall,
  type ArmHint,
  type ArmMishap,
  type ArmRule,
  armRules,
  postInTrouble,
  unforeseenByArm,
} from '../check/state/retry-rules.ts';
import type { CallFailure, Failure, Retry } from '../check/ports/network-watcher.ts';
import { armError, type ArmError } from './arm-error.ts';
import { armCallInfo } from './arm-call-info.ts';
import type { Exchange } from './exchange.ts';
import { fill } from '../contract/fill.ts';
import { challengeIn } from './token/challenge-in.ts';
import { longestOf, retryAfter, waitIn } from '../arm/retry-after.ts';

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
  const hints = hintsIn(exchange, error);
  const rule =
    armRules.find((row) => fits(row, call, what, error) && (row.hint === undefined || hints.includes(row.hint))) ??
    unforeseenByArm;
  const failure = failureOf(rule, call, exchange, error, detail);
  if (rule.then === 'fail') return { kind: 'failed', arm, failure };
  const afterSeconds = waitTold(exchange, error, now) ?? rule.afterSeconds;
  return {
    kind: 'retry',
    arm,
    ...(afterSeconds === undefined ? {} : { afterSeconds }),
    ...patience(rule, call),
    failure,
  };
}

function hintsIn(exchange: Exchange, error: ArmError | undefined): readonly ArmHint[] {
  if (exchange.kind !== 'answer') return [];
  const { wantsClaims, isExpired } = challengeIn(exchange.headers);
  const codes = error?.entries.map(({ code }) => code) ?? [];
  return [
    ...(exchange.headers.get('x-ms-failure-cause')?.toLowerCase() === 'gateway' ? (['gateway'] as const) : []),
    ...(wantsClaims ? (['claims challenge'] as const) : []),
    ...(isExpired || codes.some((code) => /expired/i.test(code)) ? (['expired token'] as const) : []),
  ];
}

function patience({ isTrouble, atMost }: ArmRule, call: ArmCall): Pick<Retry, 'atMost' | 'forSeconds'> {
  if (call === 'begin' && isTrouble) return { forSeconds: postInTrouble.givenUpAfterSeconds };
  return atMost === undefined ? {} : { atMost };
}

function fits(rule: ArmRule, call: ArmCall, what: number | ArmMishap, error: ArmError | undefined): boolean {
  if (rule.when !== String(what) && rule.when !== String(what).replace(/^(\d)\d\d$/, '$1xx')) return false;
  if (rule.on !== undefined && !rule.on.includes(call)) return false;
  if (rule.topCode !== undefined && error?.code !== rule.topCode) return false;
  if (rule.armCode === undefined) return true;
  const wanted = [rule.armCode].flat();
  return error?.entries.some(({ code }) => wanted.includes(code)) ?? false;
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

const inWords = /\b(?:retried|retry|try again) (?:in|after) ([\d.,]{1,26}) ?seconds?\b/i;

function waitTold(exchange: Exchange, error: ArmError | undefined, now: Date): number | undefined {
  if (exchange.kind === 'no-response') return undefined;
  const said = error?.entries.map(({ message }) => retryAfter(inWords.exec(message)?.[1] ?? null, now)) ?? [];
  return longestOf([waitIn(exchange.headers, now), ...said]);
}
