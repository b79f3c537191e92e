import { z } from 'zod';
import { parseAddress } from '../../address/address.ts';
import { protocolSchema } from '../../arm/connectivity-parameters.ts';
import { endpointNameSchema } from '../../contract/request/named-target.ts';
import { viaSchema } from '../../contract/requester.ts';
import { parseResourceId } from '../../arm/resource-id.ts';
import { parsePortRange } from '../pattern/port-range.ts';
import { parseTargetPattern } from '../pattern/target-pattern.ts';

const describe = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description });

const comment = describe(z.string(), 'For readers of the policy; decides nothing.').optional();

const entries = <T extends z.ZodType>(item: T, description: string) =>
  describe(z.array(item).min(1, 'names nothing: leave it out to match anything'), description).optional();

const target = z.string().superRefine((text, context) => {
  const pattern = parseTargetPattern(text);
  if (pattern.kind === 'fault') context.addIssue({ code: 'custom', message: pattern.message });
});

const source = target.refine((text) => !['network', 'host'].includes(parseTargetPattern(text).kind), {
  error: 'a source is a resource: write a resource id pattern or endpoint:name',
});

const portRange = z.string().refine((text) => parsePortRange(text) !== undefined, {
  error: 'write a port from 1 to 65535, such as "443", or a range, such as "8000-8099"',
});

const id = z.string().regex(/^\P{C}{1,100}$/u, 'write 1 to 100 visible characters');

const requesterId = z.string().regex(/^[^/\s]+\/[^/\s]+$/, 'write <tenantId>/<objectId>');

const requestersSchema = z.strictObject({
  comment,
  groups: entries(z.string().min(1), 'Object ids of Entra groups.'),
  roles: entries(z.string().min(1), 'App roles, as the token names them.'),
  ids: entries(requesterId, 'Requesters, each as <tenantId>/<objectId>.'),
  via: entries(
    viaSchema,
    'The door that the request came in by. CLI and page come in by http; the same person may use another door.',
  ),
});

const ruleSchema = z.strictObject({
  id,
  comment,
  effect: describe(z.enum(['allow', 'deny']), 'One deny outweighs every allow.'),
  requesters: describe(requestersSchema, 'Who asks. Every member given must match.').optional(),
  sources: entries(source, 'Resource id patterns and endpoint:name.'),
  destinations: entries(target, 'CIDR ranges, addresses, host patterns, resource id patterns and endpoint:name.'),
  ports: entries(portRange, "Ports of the destination. A URI's own port counts, or the default of its scheme."),
  protocols: entries(protocolSchema, "Azure's protocols. Tcp does not include Http and Https: name them too."),
  reason: describe(
    z.string().regex(/^\P{C}{1,300}$/u, 'write 1 to 300 visible characters'),
    'Told to whom this rule refuses: why, and whom to ask.',
  ).optional(),
});
export type RuleDocument = z.infer<typeof ruleSchema>;

const endpointSchema = z.strictObject({
  comment,
  resourceId: z
    .string()
    .refine((text) => parseResourceId(text) !== undefined, { error: 'write a whole resource id' })
    .optional(),
  address: z
    .string()
    .refine((text) => isPlain(text), {
      error: 'write an IP address, a host name, or an http or https URI without user name',
    })
    .optional(),
  port: z.int('write a port from 1 to 65535').min(1, 'write a port from 1 to 65535').max(65_535).optional(),
});
export type EndpointDocument = z.infer<typeof endpointSchema>;

const limit = (description: string) =>
  describe(z.int('write a whole number from 1').positive('write a whole number from 1'), description).optional();

const limitsSchema = z.strictObject({
  comment,
  requestsPerMinute: limit('Requests that one requester may make in a minute.'),
  active: limit('Checks of one requester that may be under way at once.'),
  portsPerHour: limit('Ports that one requester may test in an hour.'),
});

/** The policy as it is written. `docs/policy.schema.json` is made from it. */
export const policyDocumentSchema = z.strictObject({
  $schema: describe(z.string(), 'For editors.').optional(),
  comment,
  version: z.literal(1),
  endpoints: describe(
    z.record(endpointNameSchema, endpointSchema),
    'Names for destinations and sources. Each is either a resourceId or an address, with a port or without.',
  ).optional(),
  rules: describe(z.array(ruleSchema), 'What no rule allows is refused; a member left out matches anything.'),
  limits: describe(limitsSchema, 'For each requester; a member left out sets no limit.').optional(),
});
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

function isPlain(text: string): boolean {
  const address = parseAddress(text);
  return address !== undefined && !(address.kind === 'uri' && address.userInfo);
}
