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
  /** The caller's roles, and those of their groups that the policy names: what it was decided from. Absent where there are none. */
  roles: z.array(z.string()).optional(),
  groups: z.array(z.string()).optional(),
});
export type Decision = z.infer<typeof decisionSchema>;
