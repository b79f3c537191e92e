import { z } from 'zod';

/** What the policy says of a request. A decision is data: it is stored with the check and its audit events. */
export const decisionSchema = z.strictObject({
  allowed: z.boolean(),
  rule: z.string().optional().describe('Id of the rule that decided; absent where no rule matched.'),
  reason: z.string().describe('One sentence for the person: why, and whom to ask.'),
  policy: z.string().describe('SHA-256 of the file of the policy that decided, in hex.'),
  roles: z.array(z.string()).optional().describe("The caller's roles; absent where there are none."),
  groups: z
    .array(z.string())
    .optional()
    .describe(
      "Those of the caller's groups that the policy names; absent where it names none, or the token does not tell.",
    ),
});
export type Decision = z.infer<typeof decisionSchema>;
