import { z } from 'zod';
import { reachabilitySchema } from '../verdict.ts';

const value = z.union([z.string(), z.number()]).optional();

/** One thing that a person would see, and that is not as it was. */
export const changeSchema = z.strictObject({
  what: z.enum(['reachability', 'reason', 'hop', 'latency', 'loss']),
  before: value.describe(
    'Reachability or, of a check without one, the code of its error; the code of a reason; resource id or address of a hop; milliseconds; percent. Absent for what was not there.',
  ),
  after: value.describe('As `before`; absent for what is gone.'),
  sentence: z.string(),
});
export type Change = Readonly<z.infer<typeof changeSchema>>;

const outcome = {
  at: z.iso.datetime().describe('When it ended.'),
  reachability: reachabilitySchema.optional(),
  error: z.strictObject({ code: z.string() }).optional(),
};

/** What `GET /api/checks/{id}/comparison` answers. */
export const comparisonSchema = z.strictObject({
  check: z.strictObject({ id: z.uuid(), ...outcome }),
  with: z
    .strictObject({ id: z.uuid().optional().describe('Only for who may read it.'), ...outcome })
    .optional()
    .describe('Absent where there is nothing to compare with.'),
  changed: z.boolean(),
  changes: z.array(changeSchema),
});
export type Comparison = Readonly<z.infer<typeof comparisonSchema>>;

const moment = z.strictObject({ at: outcome.at, id: z.uuid().optional() });

/** What `GET /api/flows` answers. */
export const flowSchema = z.strictObject({
  source: z.string().describe('Resource id.'),
  destination: z.string().describe('Resource id or address.'),
  port: z.int().optional(),
  protocol: z.string().optional(),
  lastSuccess: moment.optional(),
  firstFailure: moment.optional().describe('The first after the last success, on its port and protocol.'),
  changes: z.array(changeSchema).describe('Between the two.'),
  newest: z.array(
    z.strictObject({
      ...outcome,
      port: z.int().optional(),
      protocol: z.string().optional(),
      id: z.uuid().optional().describe('Only for who may read it.'),
    }),
  ),
});
export type FlowHistory = Readonly<z.infer<typeof flowSchema>>;
