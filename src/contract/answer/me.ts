import { z } from 'zod';
import { requesterSchema } from '../requester.ts';
import { limitStateSchema } from './limit.ts';

const texts = z.array(z.string()).optional();

/** A rule of the policy as written, without whom else it is about. */
const ruleSchema = z.strictObject({
  id: z.string(),
  effect: z.enum(['allow', 'deny']),
  sources: texts,
  destinations: texts,
  ports: texts,
  protocols: texts,
  reason: z.string().optional(),
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
  rules: z.array(ruleSchema).describe('The rules that are about the caller.'),
  endpoints: z.array(namedTargetSchema).describe('What the caller may name as a source or a destination.'),
  limits: z.array(limitStateSchema).describe("What is left of the caller's limits."),
});
export type Me = z.infer<typeof meSchema>;
