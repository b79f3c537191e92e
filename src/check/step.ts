import { connectivityInformationSchema } from '../arm/connectivity-information.ts';
import { Problem } from '../contract/problem.ts';
import { secondsAfter } from '../contract/time.ts';
import { decide } from '../policy/decide.ts';
import { decideHops } from '../policy/decide-hops.ts';
import type { Policy } from '../policy/policy.ts';
import { readFlow } from '../policy/rule/flow.ts';
import { verdictOf } from '../verdict/verdict.ts';
import { type EndedCheck, hasEnded, type OpenCheck, type RunningCheck, type WaitingCheck } from './state/check.ts';
import type { CheckQueue } from './ports/check-queue.ts';
import type { Stored } from './ports/check-store.ts';
import { publishAndClose, publishPending } from './state/outbox.ts';
import { endCheck, type EndDeps } from './state/end-check.ts';
import type { EventDeps } from './state/event-of.ts';
import type { Pauses } from './ports/pauses.ts';
import { redact } from './state/redact-arm-failure.ts';
import {
  backOffSeconds,
  deadlineFailure,
  deadlineOf,
  deadlineStart,
  type Deadlines,
  earlier,
  secondsUntil,
} from './state/schedule.ts';
import { claimed, failed, postponed, running, succeeded } from './state/transition.ts';
import type { Answer, ArmCallInfo, CallIds, Failure, Retry, NetworkWatcher } from './ports/network-watcher.ts';

export interface StepDeps extends EventDeps, EndDeps {
  readonly queue: CheckQueue;
  readonly watcher: NetworkWatcher;
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

/** Clocks of instances are up to 2 s fast or slow, and a queue counts in whole seconds: a message may be this much early. */
const EARLY_MILLISECONDS = 5000;

/**
 * Moves one check by one step. It can be run again, or go on elsewhere, at any point: all it knows is in the row, and the
 * row's version decides who may write. Throws `StorageUnavailable` and `AuditUnavailable`.
 */
export async function step(deps: StepDeps, checkId: string): Promise<StepOutcome> {
  const found = await deps.store.find(checkId);
  if (!found) return 'unknown';
  if (hasEnded(found.check)) {
    await publishAndClose(deps, found);
    return 'over';
  }
  if (deps.paused) return 'paused';
  const { check, version } = await publishPending(deps, found);
  if (hasEnded(check)) return 'over';
  const stored = { check, version };
  if (await isPastDeadline(deps, check)) {
    return end(deps, stored, deadlineFailure(check, deps.deadlines));
  }
  if (!(await isDue(deps, check))) return 'early';
  const { notBefore } = check;
  // Its deadline has moved, by a pause, past what ARM asked to wait for.
  if (notBefore !== undefined && deps.now() < new Date(notBefore)) {
    return reschedule(deps, stored, new Date(notBefore), check);
  }
  return check.status === 'NotStarted' ? begin(deps, { check, version }) : poll(deps, { check, version });
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

async function isDue(deps: StepDeps, check: OpenCheck): Promise<boolean> {
  const wait = new Date(check.dueAt).getTime() - deps.now().getTime();
  if (wait > EARLY_MILLISECONDS) return false;
  if (wait > 0) await deps.sleep(wait);
  return true;
}

async function begin(deps: StepDeps, stored: Stored<WaitingCheck>): Promise<StepOutcome> {
  const { check } = stored;
  const decision = decide(deps.policy, check.caller, readFlow(check.request));
  if (!decision.allowed) return end(deps, { ...stored, check: { ...check, decision } }, refusal(decision.reason));
  const found = await find(deps, check);
  if (found.kind === 'failed') return end(deps, stored, found.failure, found.arm);
  if (found.kind === 'retry') return retry(deps, stored, found, found.arm);
  const mine = await deps.store.replace(stored, claimed(deps, check, found.networkWatcher));
  if (!mine) return 'lost';
  const ready = await publishPending(deps, mine);
  return applyAnswer(deps, ready, await deps.watcher.begin(found.networkWatcher, ready.check.request, callIds(check)));
}

async function find(deps: StepDeps, check: WaitingCheck) {
  const { networkWatcher } = check;
  if (networkWatcher !== undefined) return { kind: 'found', networkWatcher } as const;
  return deps.watcher.find(check.request.source.resourceId, callIds(check));
}

async function poll(deps: StepDeps, stored: Stored<RunningCheck>): Promise<StepOutcome> {
  return applyAnswer(deps, stored, await deps.watcher.poll(stored.check.operationUrl, callIds(stored.check)));
}

async function applyAnswer(deps: StepDeps, stored: Stored<OpenCheck>, answer: Answer): Promise<StepOutcome> {
  switch (answer.kind) {
    case 'running':
      return reschedule(
        deps,
        stored,
        secondsAfter(deps.now(), answer.afterSeconds),
        running(deps.now(), stored.check, answer.operationUrl),
      );
    case 'retry':
      return retry(deps, stored, answer, answer.arm);
    case 'failed':
      return end(deps, stored, answer.failure, answer.arm);
    case 'done':
      return finish(deps, stored, answer.body, answer.arm);
  }
}

async function retry(deps: StepDeps, stored: Stored<OpenCheck>, again: Retry, arm: ArmCallInfo): Promise<StepOutcome> {
  const { check } = stored;
  if (again.atMost !== undefined && check.boundedRetries >= again.atMost) return end(deps, stored, again.failure, arm);
  const told = { ...again, failure: redact(check, again.failure, arm) };
  const seconds = again.afterSeconds ?? backOffSeconds(check.retries, deps.random);
  return reschedule(deps, stored, secondsAfter(deps.now(), seconds), postponed(check, told));
}

/** The row first, then the message. After a crash in between the sweeper sends it; the other way round a step would act on an old row. */
async function reschedule(
  deps: StepDeps,
  stored: Stored<OpenCheck>,
  due: Date,
  planned: OpenCheck,
): Promise<StepOutcome> {
  const dueAt = earlier(due, await deadlineAfter(deps, planned, due));
  const notBefore = dueAt < due ? due.toISOString() : undefined;
  const written = await deps.store.replace(stored, { ...planned, dueAt: dueAt.toISOString(), notBefore });
  if (!written) return 'lost';
  await deps.queue.send(planned.id, secondsUntil(deps.now(), dueAt));
  return planned.status === 'Running' && planned.retries === 0 ? 'running' : 'postponed';
}

async function finish(deps: StepDeps, stored: Stored<OpenCheck>, body: string, arm: ArmCallInfo): Promise<StepOutcome> {
  const { check } = stored;
  const information = connectivityInformationSchema.parse(JSON.parse(body));
  // A name can resolve, inside the source's network, into what policy denies: only the hops show it.
  const passed = information.hops.filter(({ type }, index) => index > 0 || type !== 'Source');
  const hops = passed.flatMap(({ address, resourceId }) => [address, resourceId]).filter((hop) => hop !== undefined);
  const decision = decideHops(deps.policy, check.caller, readFlow(check.request), hops);
  if (decision) return end(deps, { ...stored, check: { ...check, decision } }, refusal(decision.reason), arm);
  try {
    return await write(deps, stored, succeeded(deps, check, verdictOf(information, check.request), arm), body);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'ResultTooLarge') throw error;
    return end(deps, stored, { code: error.code, message: error.message }, arm);
  }
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

const refusal = (reason: string): Failure => ({ code: 'PolicyRefused', message: reason });

const callIds = ({ id, origin }: OpenCheck): CallIds => ({
  clientRequestId: id,
  ...(origin.traceparent === undefined ? {} : { traceparent: origin.traceparent }),
});
