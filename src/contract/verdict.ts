import { z } from 'zod';

export const reachabilitySchema = z.enum(['Reachable', 'Unreachable', 'Degraded', 'Inconclusive']);
export type Reachability = z.infer<typeof reachabilitySchema>;

/** Who can act on a reason. `platform` is Azure; `nobody`: it is told, and nothing has to be done. */
export const ownerSchema = z.enum([
  'requester',
  'network team',
  'VM owner',
  'application',
  'platform',
  'proxy operator',
  'nobody',
]);
export type Owner = z.infer<typeof ownerSchema>;

/** What to do, and who can. */
export const adviceSchema = z.strictObject({ action: z.string(), owner: ownerSchema });
export type Advice = z.infer<typeof adviceSchema>;

export const reasonSchema = z.strictObject({
  code: z.string().describe('Stable, for programs; see docs/verdicts.md.'),
  message: z.string().describe('One plain sentence that names the place and the rule.'),
  hop: z.string().optional().describe('Resource id, address or id of the hop, whichever is known first.'),
  address: z.string().optional().describe('Address of the hop, where `hop` is a resource id.'),
  rule: z.string().optional().describe('Name of the security rule or route that decides, as Azure writes it.'),
  ...adviceSchema.shape,
  contact: z
    .string()
    .optional()
    .describe("Whom to ask, as today's policy says; it is looked up when the reason is read, and never kept."),
});
export type Reason = z.infer<typeof reasonSchema>;

const summary = z.string();
const reasons = z.array(reasonSchema);

/** Azure's answer in words that a person can act on; kept with a check that succeeded. */
export const verdictSchema = z.strictObject({ summary, reachability: reachabilitySchema, reasons });
export type Verdict = z.infer<typeof verdictSchema>;

/** What can be said of a check in any state: there is a `reachability` once it succeeded. */
export const statedVerdictSchema = verdictSchema.partial({ reachability: true });
export type StatedVerdict = z.infer<typeof statedVerdictSchema>;
