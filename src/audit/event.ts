import { z } from 'zod';
import { sharedWithSchema } from '../contract/answer/shared-with.ts';
import { decisionSchema } from '../contract/decision.ts';
import { reachabilitySchema } from '../contract/verdict.ts';
import { requesterSchema } from '../contract/requester.ts';

export const auditActionSchema = z.enum([
  'requested',
  'refused',
  'started',
  'finished',
  'failed',
  'canceled',
  'read',
  'exported',
  'shared',
  'unshared',
]);
export type AuditAction = z.infer<typeof auditActionSchema>;

/** What was tested, or read. Never a probe header. */
export const auditTargetSchema = z.strictObject({
  source: z.string().optional(),
  /** Resource id or address. */
  destination: z.string().optional(),
  port: z.int().optional(),
  protocol: z.string().optional(),
  networkWatcher: z.string().optional(),
  /** Path and query of what was read or exported. */
  resource: z.string().optional(),
});
export type AuditTarget = z.infer<typeof auditTargetSchema>;

/** One entry of the audit: who did what to which target, through whom, and what was decided. Never changed once written. */
export const auditEventSchema = z.strictObject({
  id: z.uuid(),
  time: z.iso.datetime(),
  action: auditActionSchema,
  checkId: z.uuid().optional(),
  /** Who acted: of a `canceled` event whoever canceled, else whoever requested the check. */
  requester: requesterSchema,
  /** The managed identity that acts in Azure: its client id, or `system-assigned`. */
  deputy: z.string(),
  sourceAddress: z.string(),
  target: auditTargetSchema,
  decision: decisionSchema,
  outcome: z
    .strictObject({
      code: z.string().optional(),
      reachability: reachabilitySchema.optional(),
      reasons: z.array(z.string()).optional(),
      /** Of a summarising event: how many it stands for. */
      count: z.int().optional(),
    })
    .optional(),
  arm: z
    .strictObject({
      status: z.int().optional(),
      requestId: z.string().optional(),
      correlationId: z.string().optional(),
    })
    .optional(),
  /** Which POST to ARM, from 1. */
  attempt: z.int().optional(),
  /** Of `started`, in place of `attempt`: no POST was made, and the check shares the run of this equal one. */
  joined: z.strictObject({ checkId: z.uuid() }).optional(),
  /** `x-ms-request-id` of the request that this goes back to. */
  requestId: z.string(),
  traceparent: z.string().optional(),
  reason: z.string().optional(),
  /** Of `shared`: with whom. */
  sharedWith: sharedWithSchema.optional(),
  /** Keyed hash of the request, where it came with an idempotency key. */
  fingerprint: z.string().optional(),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;
