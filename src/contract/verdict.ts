import { z } from 'zod';

export const reachabilitySchema = z.enum(['Reachable', 'Unreachable', 'Degraded', 'Inconclusive']);
export type Reachability = z.infer<typeof reachabilitySchema>;

/** Who can act on a reason. */
export const ownerSchema = z.enum(['network team', 'VM owner', 'application', 'platform']);

export const reasonSchema = z.strictObject({
  /** Stable, for programs; see docs/api.md. */
  code: z.string(),
  /** One plain sentence that names the hop and the rule. */
  message: z.string(),
  /** Resource id, address or id of the hop, whichever is known first. */
  hop: z.string().optional(),
  /** Name of the security rule or route that decides. */
  rule: z.string().optional(),
  /** What to do. */
  action: z.string(),
  owner: ownerSchema,
});
export type Reason = z.infer<typeof reasonSchema>;

/** ARM's answer in words that a person can act on. */
export const verdictSchema = z.strictObject({ reachability: reachabilitySchema, reasons: z.array(reasonSchema) });
export type Verdict = z.infer<typeof verdictSchema>;
