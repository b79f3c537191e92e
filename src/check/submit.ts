import type { SigningKey } from '../audit/checkpoint/signing-key.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { CheckRequest } from '../contract/request/check-request.ts';
import type { Decision } from '../contract/decision.ts';
import type { LimitState } from '../contract/answer/limit.ts';
import { canonicalJson } from '../contract/canonical-json.ts';
import { Problem } from '../contract/problem.ts';
import type { Actor } from '../contract/actor.ts';
import type { SourceState, Warning } from '../contract/answer/source.ts';
import type { Caller, Requester } from '../contract/requester.ts';
import { decideCallback } from '../policy/callback/decide-callback.ts';
import { decide } from '../policy/decide.ts';
import { grantsOf } from '../policy/grants-of.ts';
import type { Policy } from '../policy/policy.ts';
import { type Flow, flowOf } from '../policy/rule/flow.ts';
import type { Check, WaitingCheck } from './state/check.ts';
import type { CheckQueue } from './ports/check-queue.ts';
import type { CheckStore } from './ports/check-store.ts';
import type { Listeners } from './ports/listeners.ts';
import type { IdSecret } from './ports/id-secret.ts';
import { countRequest, hasLimits, type LimitDeps } from './count-request.ts';
import { firstEventOf } from './state/event-of.ts';
import { refuse, type RefuseDeps } from './refuse.ts';
import { ruleOf } from './sight/sight.ts';
import { idsOf } from '../sources/list-sources.ts';
import type { SourceStates } from '../sources/source-states.ts';
import { warningsOf } from '../sources/warnings-of.ts';
import { idOfKey, randomIdFor } from './state/check-id.ts';
import { idsOfRepeat, isRepeated } from './repeat/repeat.ts';
import { fingerprintOf } from './state/fingerprint.ts';
import { markCallback } from './proof/callback-mark.ts';
import { type Pause, pauseInBrackets } from './state/stated-verdict.ts';
import type { RunExclusive } from './run-exclusive.ts';

export interface SubmitDeps extends RefuseDeps, LimitDeps {
  readonly store: CheckStore;
  readonly queue: CheckQueue;
  readonly listeners: Listeners;
  readonly runExclusive: RunExclusive;
  readonly idSecret: IdSecret;
  readonly signingKey: SigningKey;
  readonly policy: Policy;
  readonly pause?: Pause | undefined;
  readonly sources: Pick<SourceStates, 'soon'>;
  readonly warn: (
    message: string,
    error: unknown,
    about: { readonly checkId: string } | { readonly setId: string },
  ) => void;
}

/** What is asked for. */
export interface Submission {
  readonly asked: CheckRequest;
  readonly idempotencyKey?: string | undefined;
  /** What tells that a client without a key sends the same request again, because it learnt nothing of the first; for two minutes. */
  readonly repeat?: string | undefined;
  /** The check that is asked for again. */
  readonly rerunOf?: string | undefined;
}

export interface Accepted {
  readonly check: Check;
  /** What is left of the requester's limits; empty for a check that had been accepted before. */
  readonly limits: readonly LimitState[];
}

/** Seconds after which a paused proxy may be asked again. */
const PAUSE_RETRY_SECONDS = 60;

/**
 * Accepts a check: decided, then audited, then kept, then queued. Once it is kept it is accepted, and will end.
 * Throws `Paused`, `TooManyRequests`, `PolicyRefused`, `IdempotencyKeyReused`, `AuditUnavailable`, `StorageUnavailable`.
 */
export async function submit(deps: SubmitDeps, actor: Actor, submission: Submission): Promise<Accepted> {
  refuseWhilePaused(deps);
  const decideAndKeep = () => acceptOrRefuse(deps, actor, submission);
  return takeTurn(deps, actor, decideAndKeep);
}

/** With limits the requests of one requester are decided one after the other. */
export const takeTurn = <T>(deps: SubmitDeps, { caller }: Actor, work: () => Promise<T>): Promise<T> =>
  hasLimits(deps.policy) ? deps.runExclusive(caller.requester.id, work) : work();

/** Throws `Paused`. */
export function refuseWhilePaused({ pause }: Pick<SubmitDeps, 'pause'>): void {
  if (pause) {
    const message = `The proxy is paused by its operators${pauseInBrackets(pause)}: nothing is accepted now. Ask again later.`;
    throw new Problem('Paused', message, { retryAfterSeconds: PAUSE_RETRY_SECONDS });
  }
}

async function acceptOrRefuse(deps: SubmitDeps, actor: Actor, submission: Submission): Promise<Accepted> {
  const flow = flowOfAsked(submission.asked);
  const draft = await draftOf(deps, actor, submission, flow);
  const earlier = await earlierOf(deps, draft, submission);
  if (earlier) return { check: sameRequest(earlier, draft), limits: [] };
  const { limits, tooMany } = await countRequest(deps, draft.caller.requester.id, flow, ruleOf(draft));
  if (tooMany) throw await refuse(deps, draft, tooMany);
  if (!draft.decision.allowed) throw await refuseInTurn(deps, draft);
  return { check: await keep(deps, draft, submission.asked), limits };
}

/** Audits, keeps and queues what was decided. A member of a set is kept where its row is of that version. */
export async function keep(
  deps: SubmitDeps,
  draft: WaitingCheck,
  { callback }: Pick<CheckRequest, 'callback'>,
  memberVersion?: string,
): Promise<Check> {
  const [event, { warnings }] = await Promise.all([auditRequest(deps, draft), preflight(deps, draft)]);
  const check = { ...acceptedAs(deps, draft, event), ...(warnings.length > 0 && { warnings }) };
  if (callback) await deps.listeners.add(check.id, { kind: 'callback', ...callback });
  if (!(await deps.store.insert(check, memberVersion))) return existing(deps, check);
  await queue(deps, check);
  return check;
}

/** The check that this request, or the one that it repeats, was accepted as. */
async function earlierOf(
  { store, idSecret }: SubmitDeps,
  draft: WaitingCheck,
  { idempotencyKey, repeat }: Submission,
): Promise<Check | undefined> {
  if (idempotencyKey !== undefined) return (await store.find(draft.id))?.check;
  if (repeat === undefined) return undefined;
  const ids = idsOfRepeat(await idSecret(), draft.caller.requester, repeat, new Date(draft.createdAt));
  const found = await Promise.all(ids.map((id) => store.find(id)));
  return found.flatMap((stored) => stored?.check ?? []).find((check) => isRepeated(check, draft));
}

/** What a request would come to. */
export interface DryRun {
  readonly decision: Decision;
  /** Where it is allowed: in which state its source is. */
  readonly source?: SourceState;
  readonly warnings?: readonly Warning[];
}

/** What the proxy would decide; nothing is kept of it. Of what is refused, Azure is asked nothing. */
export async function dryRun(
  deps: Pick<SubmitDeps, 'policy' | 'sources'>,
  { caller, origin }: Actor,
  asked: CheckRequest,
): Promise<DryRun> {
  const decision = decideAsked(deps.policy, caller, asked, flowOfAsked(asked));
  if (!decision.allowed) return { decision };
  const { source, warnings } = await preflight(deps, { ...asked, origin });
  return { decision, source, ...(warnings.length > 0 && { warnings }) };
}

/** Whether both the test and what is to be called when it has ended are allowed; why the test is not is said first. */
function decideAsked(policy: Policy, caller: Caller, { callback }: CheckRequest, flow: Flow): Decision {
  const decision = decide(policy, caller, flow);
  if (!callback || !decision.allowed) return decision;
  const called = decideCallback(policy, caller, callback.url);
  return called.allowed ? decision : called.decision;
}

/** In which state the source is, and what stands against a check from there. A check is accepted all the same: what is known of it can be old. */
async function preflight(
  { sources }: Pick<SubmitDeps, 'sources'>,
  { request, networkWatcher, origin }: Pick<WaitingCheck, 'request' | 'networkWatcher' | 'origin'>,
): Promise<{ readonly source: SourceState; readonly warnings: Warning[] }> {
  const sourceId = request.source.resourceId;
  const source = await sources.soon(sourceId, idsOf(origin));
  return { source, warnings: warningsOf(source, { sourceId, networkWatcher }) };
}

/** The check that an earlier request of the same idempotency key was accepted as. */
export async function earlierCheck(
  { store, idSecret }: Pick<SubmitDeps, 'store' | 'idSecret'>,
  { caller: { requester } }: Actor,
  key: string,
): Promise<Check | undefined> {
  const id = idOfKey(await idSecret(), { requester, call: 'submit', key });
  return (await store.find(id))?.check;
}

export const flowOfAsked = ({ sides, request }: CheckRequest): Flow => flowOf({ ...sides, protocol: request.protocol });

/** A request as it would be accepted. */
export async function draftOf(
  deps: SubmitDeps,
  { caller, origin }: Actor,
  submission: Submission,
  flow: Flow,
): Promise<WaitingCheck> {
  const { asked, rerunOf } = submission;
  const { request, networkWatcher, reason, named, callback } = asked;
  const { requester } = caller;
  const names = namesOf(named);
  const time = deps.now();
  const keyed = await keyedBy(deps, requester, submission, time);
  const now = time.toISOString();
  const id = keyed?.id ?? randomIdFor(requester.id, deps.newId());
  return {
    status: 'NotStarted',
    id,
    caller,
    request,
    reason,
    networkWatcher,
    ...(names && { names }),
    decision: decideAsked(deps.policy, caller, asked, flow),
    origin,
    fingerprint: keyed?.fingerprint,
    createdAt: now,
    dueAt: now,
    attempts: 0,
    retries: 0,
    boundedRetries: 0,
    audited: 1,
    ...(callback && (await awaiting(deps, id, callback.url))),
    rerunOf,
  };
}

/** Id and fingerprint of a request with an idempotency key, or without one. A rerun's key never meets that of a submit. */
async function keyedBy(
  { idSecret }: SubmitDeps,
  requester: Requester,
  { asked, idempotencyKey, repeat, rerunOf }: Submission,
  now: Date,
): Promise<{ readonly id: string; readonly fingerprint: string } | undefined> {
  const key = idempotencyKey ?? repeat;
  if (key === undefined) return undefined;
  const secret = await idSecret();
  const call = rerunOf === undefined ? 'submit' : 'rerun';
  return {
    id:
      idempotencyKey === undefined
        ? idsOfRepeat(secret, requester, key, now)[0]
        : idOfKey(secret, { requester, call, key }),
    fingerprint: fingerprintOf({ ...asked, rerunOf }, secret, key),
  };
}

function namesOf(named: CheckRequest['named']): WaitingCheck['names'] {
  const [source, destination] = [named?.source?.name, named?.destination?.name];
  if (source === undefined && destination === undefined) return undefined;
  return { ...(source !== undefined && { source }), ...(destination !== undefined && { destination }) };
}

const awaiting = async ({ signingKey }: SubmitDeps, id: string, url: string) =>
  ({
    callback: { origin: new URL(url).origin, status: 'pending', attempts: 0 },
    callbackMark: await markCallback(signingKey, id, url),
    awaited: true,
  }) as const;

/** Of racing requests of one key the first decides which event is written, whoever writes it. */
async function auditRequest(deps: SubmitDeps, draft: WaitingCheck): Promise<AuditEvent> {
  const event = await deps.audit.record({ ...firstEventOf(deps, draft), action: 'requested', checkId: draft.id });
  sameRequest({ ...draft, fingerprint: event.fingerprint }, draft);
  return event;
}

/** Refusals are counted where there are no limits too; with limits this request has its turn already. */
export async function refuseInTurn(deps: SubmitDeps, draft: WaitingCheck): Promise<Problem> {
  const decide = () => refuse(deps, draft, new Problem('PolicyRefused', draft.decision.reason));
  return hasLimits(deps.policy) ? decide() : deps.runExclusive(draft.caller.requester.id, decide);
}

/**
 * An earlier request of the same key may have written the event: then the check goes back to that one. Its time begins
 * now all the same, because that request may have broken off long ago.
 */
function acceptedAs({ policy }: SubmitDeps, draft: WaitingCheck, event: AuditEvent): WaitingCheck {
  const { sourceAddress, requestId, traceparent, time, decision } = event;
  const requestedAt = time === draft.createdAt ? undefined : time;
  const caller = callerAs(policy, draft.caller, decision);
  return { ...draft, caller, origin: { sourceAddress, requestId, traceparent }, requestedAt };
}

/** With the grants of that request, where they have changed since. */
function callerAs(policy: Policy, caller: Caller, { roles = [], groups }: Decision): Caller {
  if (canonicalJson({ roles: [], ...grantsOf(policy, caller) }) === canonicalJson({ roles, groups })) return caller;
  return { ...caller, roles, groups: groups ?? [], groupsOverage: groups === undefined };
}

async function existing(deps: SubmitDeps, check: WaitingCheck): Promise<Check> {
  const stored = await deps.store.find(check.id);
  if (!stored)
    throw new Problem('StorageUnavailable', 'The check could not be read back. Ask again.', { retryAfterSeconds: 1 });
  return sameRequest(stored.check, check);
}

function sameRequest(check: Check, draft: WaitingCheck): Check {
  if (check.fingerprint === draft.fingerprint) return check;
  throw new Problem(
    'IdempotencyKeyReused',
    'This idempotency key stands for another request: give a new key, or repeat that request.',
    {
      target: 'Idempotency-Key',
    },
  );
}

/** A message that cannot be sent is sent by the sweeper: the check is accepted all the same. */
async function queue(deps: SubmitDeps, check: Check): Promise<void> {
  try {
    await deps.queue.send(check.id, 0);
  } catch (error) {
    deps.warn(`Check ${check.id} is accepted but could not be queued; the sweeper will.`, error, { checkId: check.id });
  }
}
