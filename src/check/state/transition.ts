import type { AuditEvent } from '../../audit/event.ts';
import type { CallbackStatus } from '../../contract/answer/callback-view.ts';
import type { Decision } from '../../contract/decision.ts';
import type { Verdict } from '../../contract/verdict.ts';
import type { SharedWith } from '../../contract/answer/shared-with.ts';
import { secondsAfter } from '../../contract/time.ts';
import { blankProbeHeaders } from './blank-probe-headers.ts';
import type { Check, EndedCheck, OpenCheck, RunningCheck, WaitingCheck } from './check.ts';
import { type EventDeps, eventOf } from './event-of.ts';
import { adviceInWords, adviceOf } from './failure-advice.ts';
import type { ArmCallInfo, Failure, Retry } from '../ports/network-watcher.ts';

// Every function here is one transition: from a check whose last event is in the log to the check as it is written next.
// A transition that is audited carries its event with it, so that neither can be there without the other.

/** How long a POST may take before another worker may take over. */
export const LEASE_SECONDS = 90;

/** The check is about to be handed to ARM, at a network watcher that was given or looked up. */
export function claimed(deps: EventDeps, check: WaitingCheck, networkWatcher: string): WaitingCheck {
  const attempt = check.attempts + 1;
  const next = {
    ...check,
    networkWatcher,
    attempts: attempt,
    dueAt: secondsAfter(deps.now(), LEASE_SECONDS).toISOString(),
  };
  return { ...next, ...audited(check, eventOf(deps, next, 'started', { attempt })) };
}

/** ARM runs the check, or goes on running it; when to ask it next is the caller's to say. */
export function running(now: Date, check: OpenCheck, operationUrl: string | undefined): RunningCheck {
  return {
    ...check,
    status: 'Running',
    startedAt: check.status === 'Running' ? check.startedAt : now.toISOString(),
    request: blankProbeHeaders(check.request),
    operationUrl,
    retries: 0,
    boundedRetries: 0,
    troubleSince: undefined,
    lastError: undefined,
  };
}

/** No POST is made: the check shares what Azure runs, or ran, for an equal one. When to ask for it is the caller's to say. */
export function joined(deps: EventDeps, check: WaitingCheck, { id, ...leader }: SharedRun): RunningCheck {
  const { networkWatcher = leader.networkWatcher } = check;
  const lookUps = check.networkWatcher === undefined && networkWatcher !== undefined ? 1 : check.lookUps;
  const next = { ...check, networkWatcher, lookUps, joined: id };
  return {
    ...running(deps.now(), next, leader.operationUrl),
    ...audited(check, eventOf(deps, next, 'started', { joined: { checkId: id } })),
  };
}

/** A check whose run is shared; without an operation its answer is kept. */
export interface SharedRun {
  readonly id: string;
  readonly networkWatcher?: string | undefined;
  readonly operationUrl?: string | undefined;
}

/** Whether what Azure runs for it was begun for another check. */
export const isJoined = (check: OpenCheck): check is RunningCheck =>
  check.status === 'Running' && check.joined !== undefined && check.attempts === 0;

/** The run that it shared has failed, which decides nothing about its own: it is to POST for itself, as if it had only waited. */
export function onItsOwn(now: Date, check: RunningCheck, lastError: string): WaitingCheck {
  const { startedAt, waited = 0, ...rest } = check;
  const shared = Math.max(0, now.getTime() - new Date(startedAt).getTime()) / 1000;
  const fresh = { retries: 0, boundedRetries: 0, troubleSince: undefined };
  const waiting = { ...rest, ...fresh, status: 'NotStarted', operationUrl: undefined } as const;
  return { ...waiting, waited: waited + shared, lastError };
}

/** The same step is to be done again; when, and since when there is trouble, is the caller's to say. */
export function postponed<C extends OpenCheck>(check: C, again: Retry, troubleSince?: Date): C {
  const boundedRetries = again.atMost === undefined ? 0 : check.boundedRetries + 1;
  const lastError = again.failure.message;
  return { ...check, retries: check.retries + 1, boundedRetries, troubleSince: troubleSince?.toISOString(), lastError };
}

/** What was looked up is no longer so; the same step is to be done again with what holds now, if that is known. */
export function lookedUpAgain(check: WaitingCheck, networkWatcher: string | undefined): WaitingCheck {
  return { ...check, networkWatcher, lookUps: networkWatcher === undefined ? 1 : 2 };
}

export function succeeded(deps: EventDeps, check: OpenCheck, verdict: Verdict, arm: ArmCallInfo): EndedCheck {
  const time = deps.now().toISOString();
  const startedAt = check.status === 'Running' ? check.startedAt : time;
  const outcome = { reachability: verdict.reachability, reasons: verdict.reasons.map(({ code }) => code) };
  const event = eventOf(deps, check, 'finished', { outcome, arm });
  return { ...ended(check, event), status: 'Succeeded', startedAt, finishedAt: event.time, verdict, answerStatus: 200 };
}

export function failed(deps: EventDeps, check: OpenCheck, failure: Failure, arm?: ArmCallInfo): EndedCheck {
  const { code, message, advice, innererror, answer } = failure;
  const event = eventOf(deps, check, 'failed', { outcome: { code }, ...(arm ? { arm } : {}) });
  return {
    ...ended(check, event),
    ...runOf(check),
    status: 'Failed',
    finishedAt: event.time,
    error: {
      code,
      message: advice === undefined ? message : `${message} ${adviceInWords(advice)}`,
      ...(innererror === undefined ? {} : { innererror }),
    },
    cause: { code, message, ...(advice ?? adviceOf(code)) },
    ...(answer ? { answerStatus: answer.status } : {}),
  };
}

/** Who does it, and in which request. */
type By = Pick<AuditEvent, 'requester' | 'sourceAddress' | 'requestId' | 'traceparent'>;

export function canceled(deps: EventDeps, check: OpenCheck, by: By): EndedCheck {
  const event = eventOf(deps, check, 'canceled', by);
  return { ...ended(check, event), ...runOf(check), status: 'Canceled', finishedAt: event.time };
}

/** Its callback was tried that often, and goes on. */
export function calledBack(check: EndedCheck, attempts: number): EndedCheck {
  return check.callback ? { ...check, callback: { ...check.callback, attempts } } : check;
}

/** Its callback is over, as it was decided last. The event has no more of the URL than its origin. */
export function callbackOver(
  deps: EventDeps,
  check: EndedCheck,
  { status, attempts, decision }: CallbackEnd,
): EndedCheck {
  if (!check.callback) return check;
  const { target, ...event } = eventOf(deps, { ...check, decision }, 'exported', { outcome: { code: status } });
  const resource = check.callback.origin;
  return {
    ...check,
    callback: { ...check.callback, status, attempts },
    callbackMark: undefined,
    ...audited(check, { ...event, target: { ...target, resource } }),
  };
}

/** How a callback ended, after how many tries, and what the policy said of the last. */
export interface CallbackEnd {
  readonly status: Exclude<CallbackStatus, 'pending'>;
  readonly attempts: number;
  readonly decision: Decision;
}

export interface Sharing {
  readonly sharedWith: SharedWith;
  /** When it was asked for, in ISO 8601, where that was a while ago: what was changed since stays as it is. */
  readonly asOf?: string;
}

/** Whom it is shared with from now on; nobody, where nothing is given. */
export function shared<C extends Check>(
  deps: EventDeps,
  check: C,
  { sharedWith, asOf = deps.now().toISOString() }: Partial<Sharing>,
  by: By,
): C {
  const event = eventOf(deps, check, sharedWith ? 'shared' : 'unshared', { ...by, ...(sharedWith && { sharedWith }) });
  const shares = (check.shares ?? 0) + (sharedWith ? 1 : 0);
  const { sharedAsOf = asOf } = check;
  return {
    ...check,
    sharedWith,
    // The clocks of processes differ: what is changed last is not older than what was before.
    sharedAsOf: sharedAsOf > asOf ? sharedAsOf : asOf,
    shares,
    ...audited(check, event),
  };
}

/** Its requester shows it in a room of a chat: nothing of it changes but that it was. */
export function shownIn<C extends Check>(deps: EventDeps, check: C, channel: string, by: By): C {
  const shares = (check.shares ?? 0) + 1;
  return { ...check, shares, ...audited(check, eventOf(deps, check, 'shared', { ...by, channel })) };
}

/** The event of the last transition is known to be in the log. */
export function published<C extends Check>(check: C): C {
  return { ...check, pendingEvent: undefined };
}

function audited(check: Check, event: AuditEvent): Pick<Check, 'audited' | 'pendingEvent'> {
  return { audited: check.audited + 1, pendingEvent: event };
}

/** What every end keeps; `lookUps` tells a network watcher that was found from one that was given. */
function ended(check: OpenCheck, event: AuditEvent) {
  const { id, caller, reason, networkWatcher, names, warnings, decision, origin, fingerprint, createdAt, dueAt } =
    check;
  const { attempts, retries, boundedRetries, lookUps, callback, callbackMark, awaited } = check;
  const { rerunOf, member, sharedWith, sharedAsOf, shares, joined } = check;
  return {
    ...{
      id,
      caller,
      request: blankProbeHeaders(check.request),
      reason,
      networkWatcher,
      names,
      warnings,
      decision,
      origin,
      fingerprint,
    },
    ...{
      createdAt,
      dueAt,
      attempts,
      retries,
      boundedRetries,
      lookUps,
      callback,
      callbackMark,
      awaited,
      rerunOf,
      member,
      sharedWith,
      sharedAsOf,
      shares,
      joined,
    },
    ...audited(check, event),
  };
}

/** What Azure runs goes on, and others may share it. */
const runOf = (check: OpenCheck) =>
  check.status === 'Running' ? { startedAt: check.startedAt, operationUrl: check.operationUrl } : {};
