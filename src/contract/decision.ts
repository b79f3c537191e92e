import { z } from 'zod';

/** What the policy says of a request. A decision is data: it is stored with the check and its audit events. */
export const decisionSchema = z.strictObject({
  allowed: z.boolean(),
  /** Id of the rule that decided; absent where no rule matched. */
  rule: z.string().optional(),
  /** One sentence for the person: why, and whom to ask. */
  reason: z.string(),
  /** SHA-256 of the policy that decided, in hex. */
  policy: z.string(),
});
export type Decision = z.infer<typeof decisionSchema>;
