import { isIP } from 'node:net';
import { z } from 'zod';
import { protocolSchema } from '../../arm/connectivity-parameters.ts';
import { endpointNameSchema } from '../../contract/request/named-target.ts';
import { readTypedAddress } from '../../contract/request/typed-address.ts';
import { readTypedResourceId } from '../../contract/request/typed-resource-id.ts';
import { setNameSchema } from '../../contract/request/set/set-request.ts';
import { roleSchema, viaSchema } from '../../contract/requester.ts';
import { ownerSchema } from '../../contract/verdict.ts';
import { formatResourceId, parseResourceId } from '../../arm/resource-id.ts';
import { listed } from '../../contract/text/listed.ts';
import { parseCallbackPattern } from '../callback/callback-pattern.ts';
import { parsePortRange } from '../pattern/port-range.ts';
import { parseTargetPattern } from '../pattern/target-pattern.ts';
import { word, wordOf } from './word.ts';

const describe = <T extends z.ZodType>(schema: T, description: string): T => schema.meta({ description });

const comment = describe(z.string(), 'For readers of the policy; decides nothing.').optional();

const entries = <T extends z.ZodType>(item: T, description: string) =>
  describe(z.array(item).min(1, 'names nothing: leave it out to match anything'), description).optional();

const visible = (most: number) =>
  z.string().regex(new RegExp(`^\\P{C}{1,${most}}$`, 'u'), `write 1 to ${most} visible characters`);

const target = z.string().superRefine((text, context) => {
  const pattern = parseTargetPattern(text);
  if (pattern.kind === 'fault') context.addIssue({ code: 'custom', message: pattern.message });
});

const source = z.string().superRefine((text, context) => {
  const pattern = parseTargetPattern(text);
  if (['anything', 'endpoint', 'resource'].includes(pattern.kind)) return;
  const message = 'a source is a resource: write endpoint:name or a resource id pattern, /subscriptions/…';
  context.addIssue({
    code: 'custom',
    message: text.startsWith('/') && pattern.kind === 'fault' ? pattern.message : message,
  });
});

const wrongPort = 'write a port from 1 to 65535, such as 443, or a range, such as "8000-8099"';
const portRange = z.preprocess(
  (given) => (typeof given === 'number' ? String(given) : given),
  z
    .string(wrongPort)
    .refine((text) => parsePortRange(text) !== undefined, { error: wrongPort })
    .meta({ type: ['string', 'integer'] }),
);

const protocol = word(
  protocolSchema.options,
  `write ${listed(protocolSchema.options)}: these are the protocols that Azure can test, and UDP is none of them`,
);

const role = z.preprocess((given) => wordOf(roleSchema.options, given) ?? given, z.string().min(1));

const requesters = {
  comment,
  groups: entries(z.string().min(1), 'Object ids of Entra groups.'),
  roles: entries(role, 'App roles, as the token names them.'),
  ids: entries(z.string().min(1), 'Requesters, each as <tenantId>/<objectId>.'),
  via: entries(
    word(viaSchema.options),
    'The door that the request came in by. CLI and page come in by http; the same person may use another door.',
  ),
};

const limit = (description: string) =>
  describe(z.int('write a whole number from 1').positive('write a whole number from 1'), description).optional();

const limits = {
  comment,
  requestsPerMinute: limit('Requests that one requester may make in a minute.'),
  active: limit('Checks of one requester that may be under way at once.'),
  portsPerHour: limit('Ports of one destination that one requester may test in an hour.'),
};

const ruleSchema = z.strictObject({
  id: visible(100),
  comment,
  effect: describe(word(['allow', 'deny']), 'One deny outweighs every allow.'),
  requesters: describe(z.strictObject(requesters), 'Who asks. Every member given must match.').optional(),
  except: describe(
    z.strictObject(requesters),
    'Whom a rule that denies does not bind. Every member given must match. Nothing is allowed by this alone.',
  ).optional(),
  sources: entries(source, 'Resource id patterns and endpoint:name.'),
  destinations: entries(target, 'CIDR ranges, addresses, host patterns, resource id patterns and endpoint:name.'),
  ports: entries(portRange, "Ports of the destination. A URI's own port counts, or the default of its scheme."),
  protocols: entries(protocol, "Azure's protocols. Tcp does not include Http and Https: name them too."),
  reason: describe(visible(300), 'Told to whom this rule refuses: why, and whom to ask.').optional(),
  limits: describe(
    z.strictObject(limits),
    'For requests that this rule allows, which are counted by themselves. A member left out is as in the general limits.',
  ).optional(),
  visibleTo: describe(
    z.array(z.string().min(1)).min(1, 'names nobody: leave it out'),
    'Object ids of Entra groups whose members may read the checks that ran under this rule, whoever asked for them.',
  ).optional(),
});
export type RuleDocument = z.infer<typeof ruleSchema>;

const endpointSchema = z.strictObject({
  comment,
  resourceId: z
    .string()
    .refine((text) => parseResourceId(text) !== undefined, { error: ({ input }) => wrongResourceId(String(input)) })
    .optional(),
  address: z
    .string()
    .refine((text) => isPlain(text), { error: ({ input }) => wrongAddress(String(input)) })
    .optional(),
  port: z.int('write a port from 1 to 65535').min(1, 'write a port from 1 to 65535').max(65_535).optional(),
});
export type EndpointDocument = z.infer<typeof endpointSchema>;

const contactSchema = z.strictObject({
  comment,
  owners: entries(word(ownerSchema.options), 'Who has to act, in the words of verdicts.'),
  targets: entries(target, 'Where: CIDR ranges, addresses, host patterns, resource id patterns and endpoint:name.'),
  contact: describe(visible(300), 'Whom to ask, and how: a channel, a telephone number.'),
});
export type ContactDocument = z.infer<typeof contactSchema>;

const callbackUrl = z.string().superRefine((text, context) => {
  const pattern = parseCallbackPattern(text);
  if ('fault' in pattern) context.addIssue({ code: 'custom', message: pattern.fault });
});

const callbackSchema = z.preprocess(
  (given) => (typeof given === 'string' ? { url: given } : given),
  z
    .strictObject({
      comment,
      url: describe(callbackUrl, 'An https URL; in its path * stays within a segment, and /** at the end is the rest.'),
      requesters: describe(
        z.strictObject(requesters),
        'Who may have it called. Every member given must match.',
      ).optional(),
      private: describe(z.boolean('write true or false'), 'Whether its host may be in a private network.').optional(),
    })
    // As a text it is the URL.
    .meta({ type: ['string', 'object'] }),
);
export type CallbackDocument = z.infer<typeof callbackSchema>;

const sourceSide = z.strictObject({
  comment,
  resourceId: z.string().optional(),
  endpoint: z.string().optional(),
  name: z.string().optional(),
  port: z.int('write a port from 1 to 65535').min(1, 'write a port from 1 to 65535').max(65_535).optional(),
});

const setSchema = z.strictObject({
  comment,
  requesters: describe(z.strictObject(requesters), 'Who may ask for it. Every member given must match.').optional(),
  sources: describe(z.array(sourceSide).min(1, 'give at least one source'), 'As in a request for a check.'),
  destinations: describe(
    z.array(sourceSide.extend({ address: z.string().optional() })).min(1, 'give at least one destination'),
    'As in a request for a check. Each is tested from each source.',
  ),
  protocol: protocol.optional(),
});
export type SetDocument = z.infer<typeof setSchema>;

/** The policy as it is written. `docs/policy.schema.json` is made from it. */
export const policyDocumentSchema = z.strictObject({
  $schema: describe(z.string(), 'For editors.').optional(),
  comment,
  version: z.literal(1, 'write 1'),
  endpoints: describe(
    z.record(endpointNameSchema, endpointSchema),
    'Names for destinations and sources. Each is either a resourceId or an address, with a port or without.',
  ).optional(),
  rules: describe(z.array(ruleSchema), 'What no rule allows is refused; a member left out matches anything.'),
  limits: describe(z.strictObject(limits), 'For each requester; a member left out sets no limit.').optional(),
  customRoles: describe(
    z.array(z.string().min(1)),
    "App roles that your registration has beside the app's own. Rules may name them too.",
  ).optional(),
  contacts: describe(
    z.array(contactSchema),
    'Whom to ask about what. The first that fits is told; a member left out fits anything.',
  ).optional(),
  callbacks: describe(
    z.array(callbackSchema),
    'Where the proxy may be asked to tell of an end. What is not named here is refused.',
  ).optional(),
  sets: describe(
    z.record(setNameSchema, setSchema),
    'Names for flows that must work, to be tested together. Rules decide each of them all the same.',
  ).optional(),
});
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

function isPlain(text: string): boolean {
  const address = readTypedAddress(text);
  if (typeof address === 'string') return false;
  // Whoever reads the policy is to see which address is meant.
  return address.kind !== 'ip' || isIP(text) !== 0;
}

const wrongAddress = (text: string): string => {
  const read = readTypedAddress(text);
  return typeof read === 'string' ? asPhrase(read) : `write the address as ${read.canonical}`;
};

const wrongResourceId = (text: string): string => {
  const read = readTypedResourceId(text);
  return typeof read === 'string' ? asPhrase(read) : `write the resource id as ${formatResourceId(read)}`;
};

/** A sentence as faults of a policy are written. */
const asPhrase = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
