import { z } from 'zod';
import { callbackViewSchema } from './callback-view.ts';
import { checkErrorSchema, statusSchema } from '../check.ts';
import { reachabilitySchema } from '../verdict.ts';

const target = {
  source: z.string().describe('Resource id; of what policy refuses, the name that was given.'),
  destination: z.string().describe('Resource id or address; of what policy refuses, the name that was given.'),
  port: z.int().optional(),
  protocol: z.string().optional(),
};

const refusedSchema = z.strictObject({ ...target, error: checkErrorSchema });

/** A cell of a set's matrix. */
const setCheckSchema = z.strictObject({
  ...target,
  id: z.uuid().optional().describe('Of the check; absent for what waits for its turn, and for what never was a check.'),
  status: z.enum([...statusSchema.options, 'Refused']),
  reachability: reachabilitySchema.optional(),
  changed: z
    .boolean()
    .optional()
    .describe('Of a rerun: whether it came out otherwise than the same check before; absent where that is not known.'),
  sentence: z.string(),
  error: checkErrorSchema.optional().describe('Why it was refused, or that its turn did not come in time.'),
});
export type SetCheckView = z.infer<typeof setCheckSchema>;

const count = z.int().min(0);

const countsSchema = z.strictObject({
  running: count.describe('All that has not ended; at 0 the set has.'),
  reachable: count,
  unreachable: count,
  degraded: count,
  inconclusive: count,
  failed: count,
  canceled: count,
  refused: count,
});
export type SetCounts = z.infer<typeof countsSchema>;

/** A set of checks, without its checks. */
export const setSummarySchema = z.strictObject({
  id: z.uuid(),
  name: z.string().optional().describe('Of the policy, where it was asked for by name.'),
  createdAt: z.iso.datetime(),
  rerunOf: z.uuid().optional().describe('The set that was asked for again.'),
  callback: callbackViewSchema.optional(),
  total: z.int().describe('The refused count, too.'),
  counts: countsSchema,
});
export type SetSummary = z.infer<typeof setSummarySchema>;

/** A set of checks, as it is answered. */
export const setViewSchema = setSummarySchema.extend({
  checks: z
    .array(setCheckSchema)
    .describe('In the order asked. Of a set of the policy, what policy refuses is not shown.'),
});
export type SetView = z.infer<typeof setViewSchema>;

/** What `POST /api/sets` answers. */
export const acceptedSetSchema = setViewSchema.extend({ refused: z.array(refusedSchema) });
export type RefusedView = z.infer<typeof refusedSchema>;
