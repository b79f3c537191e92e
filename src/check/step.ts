import { type ConnectivityInformation, connectivityInformationSchema } from '../arm/connectivity-information.ts';
import { isOperationUrl } from '../arm/is-operation-url.ts';
import { resultIn } from '../arm/operation-body.ts';
import { Problem } from '../contract/problem.ts';
import { unlessGarbled } from '../contract/rows/not-as-written.ts';
import { awaitDue, secondsAfter } from '../contract/time.ts';
import type { Verdict } from '../contract/verdict.ts';
import { decide } from '../policy/decide.ts';
import { decideHops } from '../policy/decide-hops.ts';
import type { Policy } from '../policy/policy.ts';
import { readFlow } from '../policy/rule/flow.ts';
import type { SourceStates } from '../sources/source-states.ts';
import { verdictOf } from '../verdict/verdict.ts';
import {
  type EndedCheck,
  hasEnded,
  isOpen,
  type OpenCheck,
  type RunningCheck,
  type WaitingCheck,
} from './state/check.ts';
import type { CheckQueue } from './ports/check-queue.ts';
import type { Stored } from './ports/check-store.ts';
import { writeBesideShare } from './share/write-beside-share.ts';
import { publishAndClose, publishPending } from './state/outbox.ts';
import { endCheck, type EndDeps } from './state/end-check.ts';
import type { EventDeps } from './state/event-of.ts';
import { besideEqual, type JoinDeps } from './join/beside-equal.ts';
import { askTheSame } from './join/join-key.ts';
import { hopsOf } from './sight/hops-of.ts';
import type { Pauses } from './ports/pauses.ts';
import { redact } from './state/redact-arm-failure.ts';
import {
  backOffSeconds,
  deadlineFailure,
  deadlineOf,
  deadlineStart,
  type Deadlines,
  hasLastPoll,
  later,
  secondsUntil,
  troubleSince,
} from './state/schedule.ts';
import { isAsAccepted, type ProofDeps } from './proof/is-as-accepted.ts';
import { mayBeOutdated, postInTrouble } from './state/retry-rules.ts';
import {
  claimed,
  failed,
  isJoined,
  lookedUpAgain,
  onItsOwn,
  postponed,
  running,
  succeeded,
} from './state/transition.ts';
import type { Answer, ArmCallInfo, CallIds, Failure, Found, Retry, NetworkWatcher } from './ports/network-watcher.ts';

export interface StepDeps extends EventDeps, EndDeps, ProofDeps, JoinDeps {
  readonly queue: CheckQueue;
  readonly watcher: NetworkWatcher;
  readonly sources: Pick<SourceStates, 'now'>;
  readonly policy: Policy;
  readonly deadlines: Deadlines;
  readonly pauses: Pauses;
  readonly paused: boolean;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** What a step came to, for the log line. `lost`: another worker was first, and this one wrote nothing. */
export type StepOutcome =
  'unknown' | 'over' | 'paused' | 'early' | 'lost' | 'running' | 'postponed' | EndedCheck['status'];

/**
 * Moves one check by one step. It can be run again, or go on elsewhere, at any point: all it knows is in the row, and the
 * row's version decides who may write. Throws `StorageUnavailable` and `AuditUnavailable`.
 */
export async function step(deps: StepDeps, checkId: string): Promise<StepOutcome> {
  const found = await deps.store.find(checkId, 'forged');
  if (!found) return 'unknown';
  if (found.unsigned) return deps.paused ? 'paused' : endForged(deps, found);
  if (hasEnded(found.check)) {
    await publishAndClose(deps, found);
    return 'over';
  }
  if (deps.paused) return 'paused';
  const { check, version } = await publishPending(deps, found);
  if (hasEnded(check)) return 'over';
  const stored = { check, version };
  const isPast = await isPastDeadline(deps, check);
  if (isPast && !hasLastPoll(check, deps.now())) return endAtDeadline(deps, stored, await secondsLate(deps, check));
  if (!(await awaitDue(deps, check.dueAt))) return 'early';
  const { notBefore } = check;
  // Its deadline has moved, by a pause, past what ARM asked to wait for.
  if (notBefore !== undefined && deps.now() < new Date(notBefore)) {
    return reschedule(deps, stored, new Date(notBefore), check);
  }
  return askAzure(deps, stored, isPast);
}

/** What was not accepted brings no event of its own, wakes nobody and ends; its row stays unsigned. */
async function endForged(deps: StepDeps, { check, ...stored }: Stored): Promise<StepOutcome> {
  const bare = { ...check, sharedWith: undefined, awaited: undefined, pendingEvent: undefined };
  if (!hasEnded(bare)) return end(deps, { ...stored, check: bare }, notAsAccepted);
  if (isOpen(check)) await deps.store.replace({ ...stored, check }, bare);
  return 'over';
}

/** Azure is asked for nothing that only a row says: whoever can write rows would act with the proxy's rights. */
async function askAzure(deps: StepDeps, stored: Stored<OpenCheck>, isPast: boolean): Promise<StepOutcome> {
  const { check, version } = stored;
  if (!(await isAsAccepted(deps, check))) return end(deps, stored, notAsAccepted);
  if (check.status === 'NotStarted') return begin(deps, { check, version });
  return isPast ? pollOnceMore(deps, { check, version }) : poll(deps, { check, version });
}

async function isPastDeadline(deps: StepDeps, check: OpenCheck): Promise<boolean> {
  const time = deps.now();
  return time >= (await deadlineAfter(deps, check, time));
}

/** A check's deadline, moved by as long as the proxy was paused. Pauses are looked up only where the plain deadline has passed by `time`. */
async function deadlineAfter({ deadlines, pauses, now }: StepDeps, check: OpenCheck, time: Date): Promise<Date> {
  const deadline = deadlineOf(check, deadlines);
  if (time < deadline) return deadline;
  return secondsAfter(deadline, await pauses.secondsBetween(deadlineStart(check), now()));
}

/** How long nothing was done about the check although it was due. */
async function secondsLate({ pauses, now }: StepDeps, { dueAt }: OpenCheck): Promise<number> {
  const due = new Date(dueAt);
  const late = (now().getTime() - due.getTime()) / 1000;
  return late <= 0 ? 0 : late - (await pauses.secondsBetween(due, now()));
}

async function begin(deps: StepDeps, stored: Stored<WaitingCheck>): Promise<StepOutcome> {
  const { check } = stored;
  const decision = decide(deps.policy, check.caller, readFlow(check.request));
  if (!decision.allowed) return end(deps, { ...stored, check: { ...check, decision } }, refusal(decision.reason));
  const beside = await besideEqual(deps, check);
  if (beside) return reschedule(deps, stored, beside.due, beside.check);
  const found = await find(deps, check);
  if (found.kind === 'failed') return end(deps, stored, found.failure, found.arm);
  if (found.kind === 'retry') return retry(deps, stored, found, found.arm);
  const lookUps = check.networkWatcher === undefined ? (check.lookUps ?? 0) + 1 : check.lookUps;
  const mine = await writeBesideShare(deps, stored, claimed(deps, { ...check, lookUps }, found.networkWatcher));
  if (!mine) return 'lost';
  const ready = await publishPending(deps, mine);
  const answer = await deps.watcher.begin(found.networkWatcher, ready.check.request, callIds(check));
  if (lookUps === 1 && isOfOutdated(answer)) return lookUpAgain(deps, ready, answer);
  return applyAnswer(deps, ready, answer);
}

async function find(deps: StepDeps, check: WaitingCheck): Promise<Found> {
  const { networkWatcher, lookUps } = check;
  if (networkWatcher !== undefined) return { kind: 'found', networkWatcher };
  return deps.watcher.find(check.request.source.resourceId, callIds(check), lookUps !== undefined);
}

const isOfOutdated = ({ kind, arm }: Answer): boolean =>
  kind === 'failed' && arm.status !== undefined && mayBeOutdated.includes(arm.status);

/** What was kept of source and network watcher may be wrong by now. Where it is not, the POST's answer stands. */
async function lookUpAgain(deps: StepDeps, stored: Stored<WaitingCheck>, answer: Answer): Promise<StepOutcome> {
  const { check } = stored;
  const found = await deps.watcher.find(check.request.source.resourceId, callIds(check), true);
  if (found.kind === 'found') {
    if (found.networkWatcher === check.networkWatcher) return applyAnswer(deps, stored, answer);
    return reschedule(deps, stored, deps.now(), lookedUpAgain(check, found.networkWatcher));
  }
  // Two calls have said that it is not there.
  if (found.kind === 'failed' || found.arm.status === 404) return end(deps, stored, found.failure, found.arm);
  return retry(deps, { ...stored, check: lookedUpAgain(check, undefined) }, found, found.arm);
}

/** The check's time is over: what is not ready now is not waited for. */
async function pollOnceMore(deps: StepDeps, stored: Stored<RunningCheck>): Promise<StepOutcome> {
  const { check } = stored;
  const late = await secondsLate(deps, check);
  const answer = await askFor(deps, check);
  if (answer.kind === 'running') return endAtDeadline(deps, stored, late, answer.arm);
  if (answer.kind === 'failed') return end(deps, stored, answer.failure, answer.arm);
  if (answer.kind !== 'retry') return applyAnswer(deps, stored, answer);
  const lastError = redact(check, answer.failure, answer.arm).message;
  return endAtDeadline(deps, { ...stored, check: { ...check, lastError } }, late, answer.arm);
}

function endAtDeadline(
  deps: StepDeps,
  stored: Stored<OpenCheck>,
  late: number,
  arm?: ArmCallInfo,
): Promise<StepOutcome> {
  return end(deps, stored, deadlineFailure(stored.check, deps.deadlines, late), arm);
}

async function poll(deps: StepDeps, stored: Stored<RunningCheck>): Promise<StepOutcome> {
  return applyAnswer(deps, stored, await askFor(deps, stored.check));
}

/** Without an operation its answer is that of the equal check whose run it shares; a row can name any. */
async function askFor(deps: StepDeps, check: RunningCheck): Promise<Answer> {
  const { watcher, store } = deps;
  const { operationUrl, joined } = check;
  if (operationUrl !== undefined) return watcher.poll(operationUrl, callIds(check));
  const body = await unlessGarbled(deps, async () => {
    const leader = joined === undefined ? undefined : (await store.find(joined))?.check;
    return leader && askTheSame(leader, check) ? await store.answer(leader.id) : undefined;
  });
  return body === undefined ? { kind: 'failed', failure: noAnswer, arm: {} } : { kind: 'done', body, arm: {} };
}

async function applyAnswer(deps: StepDeps, stored: Stored<OpenCheck>, answer: Answer): Promise<StepOutcome> {
  switch (answer.kind) {
    case 'running':
      return goOn(deps, stored, answer);
    case 'retry':
      return retry(deps, stored, answer, answer.arm);
    case 'failed':
      return giveUp(deps, stored, answer.failure, answer.arm);
    case 'done':
      return finish(deps, stored, answer.body, answer.arm);
  }
}

/** That the run of another has failed is no end: then a check POSTs for itself. */
async function giveUp(
  deps: StepDeps,
  stored: Stored<OpenCheck>,
  failure: Failure,
  arm: ArmCallInfo,
): Promise<StepOutcome> {
  const { check } = stored;
  if (!isJoined(check)) return end(deps, stored, failure, arm);
  return reschedule(deps, stored, deps.now(), onItsOwn(deps.now(), check, redact(check, failure, arm).message));
}

/** At the newest address that an operation can have; a poll need not tell one. */
async function goOn(
  deps: StepDeps,
  stored: Stored<OpenCheck>,
  { operationUrl, afterSeconds, arm }: Extract<Answer, { kind: 'running' }>,
): Promise<StepOutcome> {
  const { check } = stored;
  const known = check.status === 'Running' ? check.operationUrl : undefined;
  const url = isOperationUrl(operationUrl, check.request.source.resourceId) ? operationUrl : known;
  if (url === undefined) return end(deps, stored, noOperation, arm);
  return reschedule(deps, stored, secondsAfter(deps.now(), afterSeconds), running(deps.now(), check, url));
}

async function retry(deps: StepDeps, stored: Stored<OpenCheck>, again: Retry, arm: ArmCallInfo): Promise<StepOutcome> {
  const { check } = stored;
  const left = await patienceLeft(deps, check, again);
  if (left <= 0) return giveUp(deps, stored, withRequestId(again.failure, arm), arm);
  const told = { ...again, failure: redact(check, again.failure, arm) };
  const longest = again.forSeconds === undefined ? undefined : postInTrouble.longestPauseSeconds;
  const seconds = again.afterSeconds ?? Math.min(left, backOffSeconds(check.retries, deps.random, longest));
  const time = deps.now();
  const planned = postponed(check, told, troubleSince(time, check, again, seconds));
  return reschedule(deps, stored, secondsAfter(time, seconds), planned);
}

/** For how many seconds such answers are still borne. Paused time is looked up only where it would be over without. */
async function patienceLeft({ pauses, now }: StepDeps, check: OpenCheck, again: Retry): Promise<number> {
  const { atMost = Infinity, forSeconds } = again;
  if (check.boundedRetries >= atMost) return 0;
  if (forSeconds === undefined) return Infinity;
  const since = new Date(check.troubleSince ?? now());
  const left = forSeconds - (now().getTime() - since.getTime()) / 1000;
  return left > 0 ? left : left + (await pauses.secondsBetween(since, now()));
}

/** Azure's support asks for it. */
function withRequestId(failure: Failure, { requestId, correlationId }: ArmCallInfo): Failure {
  const id = requestId ?? correlationId;
  return id === undefined ? failure : { ...failure, message: `${failure.message} Azure's id of the request: ${id}.` };
}

/** The row first, then the message. After a crash in between the sweeper sends it; the other way round a step would act on an old row. */
async function reschedule(
  deps: StepDeps,
  stored: Stored<OpenCheck>,
  due: Date,
  planned: OpenCheck,
): Promise<StepOutcome> {
  const deadline = await deadlineAfter(deps, planned, due);
  const isInTime =
    due <= deadline || hasLastPoll({ ...planned, notBefore: due.toISOString() }, later(deadline, deps.now()));
  const dueAt = isInTime ? due : deadline;
  const notBefore = dueAt < due ? due.toISOString() : undefined;
  const written = await writeBesideShare(deps, stored, { ...planned, dueAt: dueAt.toISOString(), notBefore });
  if (!written) return 'lost';
  await deps.queue.send(planned.id, secondsUntil(deps.now(), dueAt));
  return planned.status === 'Running' && planned.retries === 0 ? 'running' : 'postponed';
}

async function finish(deps: StepDeps, stored: Stored<OpenCheck>, body: string, arm: ArmCallInfo): Promise<StepOutcome> {
  const { check } = stored;
  const result: unknown = JSON.parse(body);
  // A name can resolve, inside the source's network, into what policy denies: only the hops show it.
  const decision = decideHops(deps.policy, check.caller, readFlow(check.request), hopsOf(result, check.request));
  if (decision) return end(deps, { ...stored, check: { ...check, decision } }, refusal(decision.reason), arm);
  const information = connectivityInformationSchema.parse(resultIn(result) ?? {});
  try {
    return await write(deps, stored, succeeded(deps, check, await verdictOn(deps, check, information), arm), body);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'ResultTooLarge') throw error;
    return end(deps, stored, { code: error.code, message: error.message }, arm);
  }
}

/** Azure does not say why it sent no probe; the state of the source often does. */
async function verdictOn(deps: StepDeps, check: OpenCheck, information: ConnectivityInformation): Promise<Verdict> {
  const { request } = check;
  const verdict = verdictOf(information, request);
  if (!verdict.reasons.some(({ code }) => code === 'NoProbes')) return verdict;
  return verdictOf(information, request, await deps.sources.now(request.source.resourceId, callIds(check)));
}

async function end(
  deps: StepDeps,
  stored: Stored<OpenCheck>,
  failure: Failure,
  arm?: ArmCallInfo,
): Promise<StepOutcome> {
  const told = redact(stored.check, failure, arm);
  return write(deps, stored, failed(deps, stored.check, told, arm), told.answer?.body);
}

async function write(
  deps: StepDeps,
  stored: Stored<OpenCheck>,
  next: EndedCheck,
  answer?: string,
): Promise<StepOutcome> {
  const ended = await endCheck(deps, stored, next, answer);
  return ended?.status ?? 'lost';
}

const notAsAccepted: Failure = {
  code: 'NotAsAccepted',
  message: 'What stands in storage is not what was accepted, so Azure was not asked.',
};

const noAnswer: Failure = {
  code: 'AzureFailed',
  message: 'The answer that the check was to share with an equal one is not kept any more.',
};

const noOperation: Failure = {
  code: 'AzureFailed',
  message:
    "Azure accepted the check, but its Location is not that of an operation of Network Watcher's in the source's " +
    'subscription: no token is sent there.',
};

const refusal = (reason: string): Failure => ({ code: 'PolicyRefused', message: reason });

const callIds = ({ id, origin }: OpenCheck): CallIds => ({
  clientRequestId: id,
  ...(origin.traceparent === undefined ? {} : { traceparent: origin.traceparent }),
});
