import { z } from 'zod';
import type { connectivityParametersSchema } from '../../arm/connectivity-parameters.ts';
import { auditEventSchema } from '../../audit/event.ts';
import { callbackViewSchema } from '../../contract/answer/callback-view.ts';
import { originSchema } from '../../contract/actor.ts';
import { checkErrorSchema, statusSchema } from '../../contract/check.ts';
import { callerSchema } from '../../contract/requester.ts';
import { reachabilitySchema } from '../../contract/verdict.ts';

/** A set of checks as it is kept: who asked, and when it goes on. What it asks for is in its members. */
export const checkSetSchema = z.strictObject({
  id: z.uuid(),
  /** Of the policy, where it was asked for by name. */
  name: z.string().optional(),
  /** With the grants of that time: each member is decided anew with them, at its turn. */
  caller: callerSchema,
  origin: originSchema,
  createdAt: z.iso.datetime(),
  total: z.int(),
  /** The set that this one asks again. */
  rerunOf: z.uuid().optional(),
  /** Keyed hash of what was asked for, where it came with an idempotency key. */
  fingerprint: z.string().optional(),
  callback: callbackViewSchema.optional(),
  /** Names its callback's URL without telling it. */
  callbackMark: z.string().optional(),
  /** Somebody is to be told of its end, and is not known to be going to be told. Who, is written elsewhere. */
  awaited: z.literal(true).optional(),
  /** When it was seen that it had ended, where somebody awaited that. */
  endedAt: z.iso.datetime().optional(),
  /** The outbox: how telling of its end ended, until that is known to be in the log. */
  pendingEvent: auditEventSchema.optional(),
  /** Signature of who asked for what. */
  proof: z.string(),
  /** Schedule, lease and sweep key: no step runs before it. */
  dueAt: z.iso.datetime(),
  /** Steps are still to come: a member waits for its turn, or somebody is to be told of the end. */
  open: z.boolean(),
});
export type CheckSet = z.infer<typeof checkSetSchema>;

/** How a member came out, as far as a rerun compares it. */
export const outcomeSchema = z.strictObject({
  reachability: reachabilitySchema.optional(),
  /** Codes of the reasons, or of the failure. */
  codes: z.array(z.string()),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** What never changes of a member. */
export const memberFixedSchema = z.strictObject({
  networkWatcher: z.string().optional(),
  reason: z.string().optional(),
  /** What was given by name, as it was written: shown where policy refuses the member. */
  named: z
    .strictObject({ source: z.string().optional(), destination: z.string().optional(), port: z.int().optional() })
    .optional(),
  /** The check of the same member of the set before. */
  rerunOf: z.uuid().optional(),
  before: outcomeSchema.optional(),
});

/** Where a member stands. */
export const memberStateSchema = z.discriminatedUnion('kind', [
  /** For its turn; it is no check yet. */
  z.strictObject({ kind: z.literal('waiting') }),
  /** It is, or was, a check, whose writes keep this up to date. */
  z.strictObject({
    kind: z.literal('check'),
    id: z.uuid(),
    status: statusSchema,
    ...outcomeSchema.shape,
    sentence: z.string(),
  }),
  z.strictObject({
    kind: z.literal('refused'),
    error: checkErrorSchema,
    /** Of a set of the policy: it is counted, and not shown. */
    hidden: z.literal(true).optional(),
  }),
  /** It ended before its turn. */
  z.strictObject({
    kind: z.literal('ended'),
    status: z.enum(['Failed', 'Canceled']),
    sentence: z.string(),
    error: checkErrorSchema.optional(),
  }),
]);
export type MemberState = z.infer<typeof memberStateSchema>;

/** One of the checks that a set asks for. */
export interface Member extends z.infer<typeof memberFixedSchema> {
  /** Its place in the order asked, from 0. */
  readonly index: number;
  /** Probe headers are there as long as the member waits. */
  readonly request: z.infer<typeof connectivityParametersSchema>;
  readonly state: MemberState;
}

export const isWaiting = ({ state }: Pick<Member, 'state'>): boolean => state.kind === 'waiting';

/** Whether it is a check that has not ended. */
export const isUnderWay = ({ state }: Pick<Member, 'state'>): boolean =>
  state.kind === 'check' && (state.status === 'NotStarted' || state.status === 'Running');

export const isRunning = (member: Pick<Member, 'state'>): boolean => isWaiting(member) || isUnderWay(member);
