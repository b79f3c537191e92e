import { z } from 'zod';

/** The door that a request came in by, known by its route alone. The CLI and the page come in by `http`. */
export const viaSchema = z.enum(['http', 'arm', 'slack', 'teams', 'mcp']);
export type Via = z.infer<typeof viaSchema>;

/** The verified person or application that a check is held to. */
export const requesterSchema = z.strictObject({
  id: z.string().describe('`<tenantId>/<objectId>`'),
  tenantId: z.string(),
  objectId: z.string(),
  name: z.string(),
  kind: z.enum(['user', 'app']),
  via: viaSchema,
  agent: z.string().optional().describe('The program that speaks for them, as it names itself: believed for nothing.'),
});
export type Requester = z.infer<typeof requesterSchema>;

export const roleSchema = z.enum(['Check.Request', 'Audit.Read', 'Check.Admin']);
export type Role = z.infer<typeof roleSchema>;

/** A requester and what its token grants. The grants are kept with the check, so that the worker can decide again. */
export const callerSchema = z.strictObject({
  requester: requesterSchema,
  /** App roles, as the token names them; unknown ones are kept, a policy may name them. */
  roles: z.array(z.string()),
  /** Roles that they hold, and that this way in does not carry: they open nothing, and close what they close. */
  withheldRoles: z.array(z.string()).optional(),
  groups: z.array(z.string()),
  /** The token says that there are more groups than it can carry, so `groups` proves nothing. */
  groupsOverage: z.boolean(),
});
export type Caller = z.infer<typeof callerSchema>;
