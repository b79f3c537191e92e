import { z } from 'zod';
import { requesterSchema } from '../requester.ts';
import { limitStateSchema } from './limit.ts';

const texts = z.array(z.string()).optional();
const quota = z.int().optional();

/** A rule of the policy as written, without comments and whom else it is about. */
const ruleSchema = z.strictObject({
  id: z.string(),
  effect: z.enum(['allow', 'deny']),
  sources: texts,
  destinations: texts,
  ports: texts,
  protocols: texts,
  reason: z.string().optional(),
  limits: z
    .strictObject({ requestsPerMinute: quota, active: quota, portsPerHour: quota })
    .optional()
    .describe('Limits of its own, for what it allows; one that is left out is as in the general limits.'),
});

const namedTargetSchema = z.strictObject({
  name: z.string(),
  resourceId: z.string().optional(),
  address: z.string().optional(),
  port: z.int().optional(),
});

/** What `GET /api/me` answers. */
export const meSchema = z.strictObject({
  requester: requesterSchema,
  roles: z.array(z.string()).describe('App roles of the token.'),
  policy: z.string().describe('SHA-256 of the file of the policy that holds now, in hex.'),
  rules: z.array(ruleSchema).describe('The rules that are about the caller.'),
  endpoints: z.array(namedTargetSchema).describe('What the caller may name as a source or a destination.'),
  sets: z.array(z.string()).describe('Names of the sets of the policy that the caller may ask for.'),
  limits: z.array(limitStateSchema).describe("What is left of the caller's general limits."),
  paused: z
    .strictObject({ reason: z.string().optional(), contact: z.string().optional() })
    .optional()
    .describe('There while the operators have paused the proxy: nothing is accepted.'),
});
export type Me = z.infer<typeof meSchema>;
