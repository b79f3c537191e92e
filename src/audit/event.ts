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
  'linked',
  'unlinked',
]);
export type AuditAction = z.infer<typeof auditActionSchema>;

/** What was tested, or read. Never a probe header. */
export const auditTargetSchema = z.strictObject({
  source: z.string().optional(),
  destination: z.string().optional().describe('Resource id or address.'),
  port: z.int().optional(),
  protocol: z.string().optional(),
  networkWatcher: z.string().optional(),
  resource: z
    .string()
    .optional()
    .describe('Path and query of what was read or exported; the chat account that was linked or unlinked.'),
});
export type AuditTarget = z.infer<typeof auditTargetSchema>;

/** One entry of the audit: who did what to which target, through whom, and what was decided. Never changed once written. */
export const auditEventSchema = z.strictObject({
  id: z.uuid(),
  time: z.iso.datetime(),
  action: auditActionSchema,
  checkId: z.uuid().optional(),
  requester: requesterSchema.describe(
    'Who acted: of a `canceled` event whoever canceled, else whoever requested the check.',
  ),
  deputy: z.string().describe('The managed identity that acts in Azure: its client id, or `system-assigned`.'),
  sourceAddress: z.string(),
  target: auditTargetSchema,
  decision: decisionSchema,
  outcome: z
    .strictObject({
      code: z.string().optional(),
      reachability: reachabilitySchema.optional(),
      reasons: z.array(z.string()).optional(),
      count: z.int().optional().describe('Of a summarising event: how many it stands for.'),
    })
    .optional(),
  arm: z
    .strictObject({
      status: z.int().optional(),
      requestId: z.string().optional(),
      correlationId: z.string().optional(),
    })
    .optional(),
  attempt: z.int().optional().describe('Which POST to ARM, from 1.'),
  joined: z
    .strictObject({ checkId: z.uuid() })
    .optional()
    .describe('Of `started`, in place of `attempt`: no POST was made, and the check shares the run of this equal one.'),
  requestId: z.string().describe('`x-ms-request-id` of the request that this goes back to.'),
  traceparent: z.string().optional(),
  reason: z.string().optional(),
  sharedWith: sharedWithSchema.optional().describe('Of `shared`: with whom.'),
  channel: z
    .string()
    .optional()
    .describe('Of `shared`: the room of a chat that it was shown in, such as `slack/T012/C034`.'),
  fingerprint: z.string().optional().describe('Keyed hash of the request, where it came with an idempotency key.'),
});
export type AuditEvent = z.infer<typeof auditEventSchema>;

/** The last time that a key can say that counts down from it. */
const LAST_MILLISECOND = 9_999_999_999_999;

/** Whether an event can be of that time: what is none would stand where no verification expects it. */
export function isEventTime(time: string): boolean {
  const at = Date.parse(time);
  return auditEventSchema.shape.time.safeParse(time).success && at >= 0 && at <= LAST_MILLISECOND;
}
