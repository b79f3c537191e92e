import { z } from 'zod';
import {
  type ConnectivityParameters,
  connectivityParametersSchema,
  protocolSchema,
} from '../../arm/connectivity-parameters.ts';
import { formatResourceId, resourceType } from '../../arm/resource-id.ts';
import { sourceTypes } from '../../arm/source-types.ts';
import { fieldErrorsOf, oneEach } from '../field-errors.ts';
import type { FieldError } from '../problem.ts';
import { escapeHidden } from '../text/escape-hidden.ts';
import { listed } from '../text/listed.ts';
import { type CallbackRequest, callbackRequestSchema } from './callback-request.ts';
import { crossFieldErrors } from './cross-field-errors.ts';
import { machineNameSchema, type NamedMachines } from './named-machines.ts';
import { endpointNameSchema } from './named-target.ts';
import { plainSpelling } from './plain-spelling.ts';
import { probeHeaderSchema } from './probe-header.ts';
import { writtenSide } from './side.ts';
import { findNamedSides, type FindNamedTarget, orMachines, readableSides, type Sides, withNames } from './sides.ts';
import { readTypedAddress } from './typed-address.ts';
import { readTypedResourceId } from './typed-resource-id.ts';
import { readWrittenBody } from './written-body.ts';

const resourceId = z.string().transform((text, context) => {
  const read = readTypedResourceId(text);
  if (typeof read !== 'string') return read;
  context.addIssue({ code: 'custom', message: read });
  return z.NEVER;
});

const sourceId = resourceId.superRefine((id, context) => {
  const type = resourceType(id);
  if (sourceTypes.includes(type)) return;
  const instead =
    type === 'microsoft.compute/virtualmachinescalesets'
      ? 'of this scale set give an instance, …/virtualMachines/{number}.'
      : `this is a ${[id.namespace, ...id.path.map((pair) => pair.type)].join('/')}.`;
  context.addIssue({
    code: 'custom',
    message: `A source is a virtual machine, a scale-set instance, a Bastion host or an application gateway: ${instead}`,
  });
});

const networkWatcherId = resourceId.refine((id) => resourceType(id) === 'microsoft.network/networkwatchers', {
  error: 'Give the resource id of a network watcher, or leave it out.',
});

const address = z.string().transform((text, context) => {
  const read = readTypedAddress(text, 'destination.port');
  if (typeof read !== 'string') return read;
  context.addIssue({ code: 'custom', message: read });
  return z.NEVER;
});

const protocol = z.enum(protocolSchema.options, {
  error: ({ input }) =>
    `${typeof input === 'string' && /^udp$/i.test(input) ? "Azure's check has no UDP: give" : 'Give'} ${listed(protocolSchema.options)}.`,
});

const port = z
  .int('Give a port from 0 to 65535.')
  .min(0, 'Give a port from 0 to 65535.')
  .max(65_535, 'Give a port from 0 to 65535.');

const httpConfiguration = z.strictObject({
  method: z.literal('Get').optional(),
  headers: z
    .array(probeHeaderSchema, 'Give a list of headers: [{"name": "Accept", "value": "text/html"}].')
    .max(32, 'Give at most 32 headers.')
    .optional(),
  validStatusCodes: z
    .array(
      z.int('Status codes are 100–599.').min(100, 'Status codes are 100–599.').max(599, 'Status codes are 100–599.'),
    )
    .max(100, 'Give at most 100 status codes.')
    .optional(),
});

/** The body of `POST /api/checks`, field by field; the rules between fields are `crossFieldErrors`. */
export const checkRequestSchema = z.strictObject({
  source: z
    .strictObject(
      {
        resourceId: sourceId
          .optional()
          .describe('Of a virtual machine, a scale-set instance, a Bastion host or an application gateway.'),
        endpoint: endpointNameSchema.optional().describe('The name of an endpoint of the policy that is a resource.'),
        name: machineNameSchema.optional().describe('The name of a source, as `GET /api/sources` lists it.'),
        port: port.optional(),
      },
      'Give an object: which resource to test from.',
    )
    .describe('Exactly one of `resourceId`, `endpoint` and `name`.'),
  destination: z
    .strictObject(
      {
        resourceId: resourceId.optional().describe('Of another resource than the source.'),
        address: address.optional().describe('An IP address, a host name, or an http or https URI.'),
        endpoint: endpointNameSchema.optional().describe('The name of an endpoint of the policy.'),
        name: machineNameSchema.optional().describe('The name of a machine that policy lets you test to.'),
        port: port
          .optional()
          .describe('Needed unless the protocol is `Icmp`, the address is a URI, or the endpoint has one.'),
      },
      'Give an object: what to reach.',
    )
    .describe('Exactly one of `resourceId`, `address`, `endpoint` and `name`.'),
  protocol: protocol.optional().describe("Azure chooses where it is absent. Of a URI it is the URI's own scheme."),
  protocolConfiguration: z
    .strictObject({ HTTPConfiguration: httpConfiguration.optional() })
    .optional()
    .describe('Only with `Http` and `Https`.'),
  preferredIPVersion: z.enum(['IPv4', 'IPv6']).optional(),
  networkWatcher: networkWatcherId
    .optional()
    .describe("A resource id in the source's subscription. Absent: the one of the source's region is found."),
  reason: z
    .string()
    .max(500, 'Give at most 500 characters.')
    .refine(
      (text) => escapeHidden(text, '\t\n') === text,
      'Give text without control, direction and line separator characters.',
    )
    .optional()
    .describe('For the audit.'),
  callback: callbackRequestSchema.optional().describe('Where to tell of the end; the policy says where it may be.'),
});
type Body = z.infer<typeof checkRequestSchema>;

/** What `POST /api/checks` asks for, with named targets resolved and every id and address in its one spelling. */
export interface CheckRequest {
  readonly request: ConnectivityParameters;
  /** Both sides of the request as they were read. */
  readonly sides: Sides;
  /** The sides that were given by a name, as they were written. */
  readonly named?: { readonly source?: WrittenName; readonly destination?: WrittenName } | undefined;
  readonly networkWatcher?: string | undefined;
  readonly reason?: string | undefined;
  /** Where to tell of the check's end; a secret. */
  readonly callback?: CallbackRequest | undefined;
}

/** A side that stands for something by a name. */
export interface WrittenName {
  readonly endpoint?: string | undefined;
  readonly name?: string | undefined;
  readonly port?: number | undefined;
}

export type ReadCheckRequest =
  { readonly ok: true; readonly value: CheckRequest } | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Reads the body of `POST /api/checks`; every fault is named at once, those of single fields and those between fields. */
export function readCheckRequest(
  body: unknown,
  findNamedTarget: FindNamedTarget,
  machines: NamedMachines = { errors: [] },
): ReadCheckRequest {
  const plain = plainSpelling(checkRequestSchema, body);
  const parsed = checkRequestSchema.safeParse(plain.value, { reportInput: true });
  const fieldErrors = parsed.success ? [] : fieldErrorsOf(parsed.error, checkRequestSchema).map(orWhyNoSource);
  const written = readWrittenBody(plain.value);
  if (!written) return { ok: false, errors: fieldErrors };
  const named = orMachines(findNamedSides(written, findNamedTarget), machines);
  const sides = withNames(parsed.success ? sidesOf(parsed.data) : readableSides(written), named);
  const errors = [
    ...oneEach([...plain.errors, ...fieldErrors, ...crossFieldErrors(written, named, sides)]),
    ...machines.errors,
  ];
  if (!parsed.success || errors.length > 0) return { ok: false, errors };
  return { ok: true, value: resolve(parsed.data, parsed.data.protocol === 'Icmp' ? withoutPorts(sides) : sides) };
}

/** What is asked for now and then, and Azure has not. */
const orWhyNoSource = (error: FieldError): FieldError =>
  error.target === 'source.address'
    ? {
        ...error,
        message:
          'A check starts from a resource in Azure, such as a virtual machine, and from no address: give its resourceId, or an endpoint.',
      }
    : error;

const sidesOf = ({ source, destination }: Body): Sides => ({
  source: { resource: source.resourceId, port: source.port },
  destination: { resource: destination.resourceId, address: destination.address, port: destination.port },
});

/** A ping has no port. Old tools force one on their users: it goes nowhere. */
const withoutPorts = ({ source, destination }: Sides): Sides => ({
  source: { ...source, port: undefined },
  destination: { ...destination, port: undefined },
});

const isNamed = ({ endpoint, name }: Body['source'] | Body['destination']): boolean =>
  endpoint !== undefined || name !== undefined;

function resolve(body: Body, sides: Sides): CheckRequest {
  const { networkWatcher, reason, callback, source, destination, ...rest } = body;
  const request = connectivityParametersSchema.parse({
    source: writtenSide(sides.source),
    destination: writtenSide(sides.destination),
    ...rest,
  });
  const named = {
    ...(isNamed(source) ? { source } : {}),
    ...(isNamed(destination) ? { destination } : {}),
  };
  return {
    request,
    sides,
    named,
    networkWatcher: networkWatcher && formatResourceId(networkWatcher),
    reason,
    callback,
  };
}
