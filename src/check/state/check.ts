import { z } from 'zod';
import { originSchema } from '../../contract/actor.ts';
import { auditEventSchema } from '../../audit/event.ts';
import { warningSchema } from '../../contract/answer/source.ts';
import { callbackViewSchema } from '../../contract/answer/callback-view.ts';
import { checkErrorSchema } from '../../contract/check.ts';
import { sharedWithSchema } from '../../contract/answer/shared-with.ts';
import { connectivityParametersSchema } from '../../arm/connectivity-parameters.ts';
import { decisionSchema } from '../../contract/decision.ts';
import { callerSchema } from '../../contract/requester.ts';
import { reasonSchema, verdictSchema } from '../../contract/verdict.ts';

const time = z.iso.datetime();

const common = {
  id: z.uuid(),
  caller: callerSchema,
  request: connectivityParametersSchema,
  reason: z.string().optional(),
  /** Given by the requester, or found by the source's region before the first POST. */
  networkWatcher: z.string().optional(),
  /** Names of machines that were given in place of ids. */
  names: z.strictObject({ source: z.string().optional(), destination: z.string().optional() }).optional(),
  /** What was not right with the source when the check was accepted. */
  warnings: z.array(warningSchema).optional(),
  decision: decisionSchema,
  origin: originSchema,
  /** Keyed hash of the request, where it came with an idempotency key. */
  fingerprint: z.string().optional(),
  createdAt: time,
  /** Time of the `requested` event, where an earlier request of the same key wrote it. */
  requestedAt: time.optional(),
  /** Schedule, lease and sweep key: no step runs before it. */
  // docs/decisions.md#dueat-is-schedule-lease-and-sweep-key
  dueAt: time,
  /** When ARM may be asked again, where that is after the deadline and so after `dueAt`. */
  notBefore: time.optional(),
  /** POSTs to ARM that were begun. */
  attempts: z.int(),
  /** Answers in a row that said "again". */
  retries: z.int(),
  /** How many of these, in a row, were of a kind that is tried again only a few times (`atMost`). */
  boundedRetries: z.int(),
  /** Since when POSTs have met trouble in a row, moved on by the waits that ARM asked for otherwise. */
  troubleSince: time.optional(),
  /** How often the network watcher was looked up; absent where it was given. */
  lookUps: z.int().optional(),
  /** The equal check whose run at Azure it shares, or shared until that failed. */
  joined: z.uuid().optional(),
  /** Seconds for which it relied on an equal check before it is to POST for itself; its deadline moves by them. */
  waited: z.number().optional(),
  /** What the last of them said, for whoever asks why a deadline was missed. */
  lastError: z.string().optional(),
  /** Sequence of the newest audit event. */
  audited: z.int(),
  callback: callbackViewSchema.optional(),
  /** By which the callback's URL is known again; gone when it is over. */
  callbackMark: z.string().optional(),
  /** Somebody is to be told of its end, and is not known to be going to be told. Who, is written elsewhere. */
  awaited: z.literal(true).optional(),
  /** The check that this one asks again. */
  rerunOf: z.uuid().optional(),
  /** Its place in the set that asks for it, from 0; `again` where that set is a rerun. */
  member: z.strictObject({ setId: z.uuid(), index: z.int(), again: z.literal(true).optional() }).optional(),
  /** Where its requester shares it; it may be over. */
  sharedWith: sharedWithSchema.optional(),
  /** When it was asked for that it is shared so, or no more. */
  sharedAsOf: time.optional(),
  /** How often it was shared. */
  shares: z.int().optional(),
  /** The outbox: the event of the last transition, until it is known to be in the log. */
  pendingEvent: auditEventSchema.optional(),
};

const startedAt = time;
const finishedAt = time;
/** Where what Azure runs for it, whatever became of it, can be asked for by those who share that. */
const operationUrl = z.string().optional();
/** Status of ARM's final answer, where its body is kept. */
const answerStatus = z.int().optional();

/** A check as it is kept. */
export const checkSchema = z.discriminatedUnion('status', [
  z.strictObject({ ...common, status: z.literal('NotStarted') }),
  /** One without an operation shares a run whose answer is kept already. */
  z.strictObject({ ...common, status: z.literal('Running'), startedAt, operationUrl }),
  z.strictObject({
    ...common,
    status: z.literal('Succeeded'),
    startedAt,
    finishedAt,
    verdict: verdictSchema,
    answerStatus,
  }),
  z.strictObject({
    ...common,
    status: z.literal('Failed'),
    startedAt: time.optional(),
    operationUrl,
    finishedAt,
    error: checkErrorSchema,
    /** The error without what to do, and what to do and who can beside it. */
    cause: reasonSchema,
    answerStatus,
  }),
  z.strictObject({
    ...common,
    status: z.literal('Canceled'),
    startedAt: time.optional(),
    operationUrl,
    finishedAt,
  }),
]);
export type Check = z.infer<typeof checkSchema>;
export type WaitingCheck = Extract<Check, { status: 'NotStarted' }>;
export type RunningCheck = Extract<Check, { status: 'Running' }>;
export type OpenCheck = WaitingCheck | RunningCheck;
export type EndedCheck = Exclude<Check, OpenCheck>;

/** The network watcher that the requester gave, and none that was found. */
export const givenWatcherOf = ({ networkWatcher, lookUps }: Check): string | undefined =>
  lookUps === undefined ? networkWatcher : undefined;

export const hasEnded = (check: Check): check is EndedCheck =>
  check.status !== 'NotStarted' && check.status !== 'Running';

/** Work remains: the check has not ended, its last event is not known to be in the log, or somebody awaits its end. */
export const isOpen = (check: Check): boolean =>
  !hasEnded(check) || check.pendingEvent !== undefined || check.awaited === true;
