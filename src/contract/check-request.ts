import { z } from 'zod';
import { parseAddress } from '../address/address.ts';
import {
  type ConnectivityParameters,
  connectivityParametersSchema,
  protocolSchema,
} from '../arm/connectivity-parameters.ts';
import { type NamedTarget, endpointNameSchema } from './named-target.ts';
import { probeHeaderSchema } from './probe-header.ts';
import type { FieldError } from './problem.ts';
import { escapeHidden } from './text/escape-hidden.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { crossFieldErrors } from './cross-field-errors.ts';
import { formatResourceId, parseResourceId, resourceType } from '../arm/resource-id.ts';

const sourceTypes = [
  'microsoft.compute/virtualmachines',
  'microsoft.compute/virtualmachinescalesets/virtualmachines',
  'microsoft.network/bastionhosts',
  'microsoft.network/applicationgateways',
];

const resourceId = z.string().transform((text, context) => {
  const id = parseResourceId(text);
  if (id) return formatResourceId(id);
  context.addIssue({
    code: 'custom',
    message:
      'Give a whole resource id: /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}.',
  });
  return z.NEVER;
});

const typeOf = (id: string): string => {
  const parsed = parseResourceId(id);
  return parsed ? resourceType(parsed) : '';
};

const sourceId = resourceId.refine((id) => sourceTypes.includes(typeOf(id)), {
  error: 'A source is a virtual machine, a scale-set instance, a Bastion host or an application gateway.',
});

const networkWatcherId = resourceId.refine((id) => typeOf(id) === 'microsoft.network/networkwatchers', {
  error: 'Give the resource id of a network watcher, or leave it out.',
});

const address = z.string().transform((text, context) => {
  const parsed = parseAddress(text);
  if (parsed && !(parsed.kind === 'uri' && parsed.userInfo)) return parsed.canonical;
  const message = parsed
    ? 'Give the URI without user name and password.'
    : 'Give an IPv4 or IPv6 address, a host name, or an http or https URI.';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const port = z
  .int('Give a port from 0 to 65535.')
  .min(0, 'Give a port from 0 to 65535.')
  .max(65_535, 'Give a port from 0 to 65535.');

const httpConfiguration = z.strictObject({
  method: z.literal('Get').optional(),
  headers: z.array(probeHeaderSchema).max(32, 'Give at most 32 headers.').optional(),
  validStatusCodes: z
    .array(z.int().min(100, 'Status codes are 100–599.').max(599, 'Status codes are 100–599.'))
    .max(100, 'Give at most 100 status codes.')
    .optional(),
});

const bodySchema = z.strictObject({
  source: z.strictObject(
    { resourceId: sourceId.optional(), endpoint: endpointNameSchema.optional(), port: port.optional() },
    'Give an object: which resource to test from.',
  ),
  destination: z.strictObject(
    {
      resourceId: resourceId.optional(),
      address: address.optional(),
      endpoint: endpointNameSchema.optional(),
      port: port.optional(),
    },
    'Give an object: what to reach.',
  ),
  protocol: protocolSchema.optional(),
  protocolConfiguration: z.strictObject({ HTTPConfiguration: httpConfiguration.optional() }).optional(),
  preferredIPVersion: z.enum(['IPv4', 'IPv6']).optional(),
  networkWatcher: networkWatcherId.optional(),
  reason: z
    .string()
    .max(500, 'Give at most 500 characters.')
    .refine(
      (text) => escapeHidden(text, '\t\n') === text,
      'Give text without control, direction and line separator characters.',
    )
    .optional(),
});
type Body = z.infer<typeof bodySchema>;

/** What `POST /api/checks` asks for, with endpoints resolved and every id and address in its one spelling. */
export interface CheckRequest {
  readonly request: ConnectivityParameters;
  /** The sides that were named as endpoints, as they were written. */
  readonly named?: { readonly source?: object; readonly destination?: object } | undefined;
  readonly networkWatcher?: string | undefined;
  readonly reason?: string | undefined;
}

export type FindNamedTarget = (name: string) => NamedTarget | undefined;

export type ReadCheckRequest =
  { readonly ok: true; readonly value: CheckRequest } | { readonly ok: false; readonly faults: readonly FieldError[] };

/** Reads the body of `POST /api/checks`; every fault is named at once, those of single fields and those between fields. */
export function readCheckRequest(body: unknown, findNamedTarget: FindNamedTarget): ReadCheckRequest {
  const parsed = bodySchema.safeParse(body);
  const faults = [...(parsed.success ? [] : fieldErrorsOf(parsed.error)), ...crossFieldErrors(body, findNamedTarget)];
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  return { ok: true, value: resolve(parsed.data, findNamedTarget) };
}

function resolve(body: Body, findNamedTarget: FindNamedTarget): CheckRequest {
  const { networkWatcher, reason, source, destination, ...rest } = body;
  const from = source.endpoint === undefined ? source : { ...findNamedTarget(source.endpoint), port: source.port };
  const to =
    destination.endpoint === undefined ? destination : named(findNamedTarget(destination.endpoint), destination.port);
  const request = connectivityParametersSchema.parse({
    source: pick(from, ['resourceId', 'port']),
    destination: pick(to, ['resourceId', 'address', 'port']),
    ...rest,
  });
  const written = {
    ...(source.endpoint === undefined ? {} : { source }),
    ...(destination.endpoint === undefined ? {} : { destination }),
  };
  return { request, named: written, networkWatcher, reason };
}

const named = (endpoint: NamedTarget | undefined, port: number | undefined): NamedTarget => ({
  ...endpoint,
  port: endpoint?.port ?? port,
});

/** The named members that have a value, in that order. */
function pick(from: object, names: readonly string[]): object {
  const given = new Map(Object.entries(from));
  return Object.fromEntries(names.flatMap((name) => (given.get(name) === undefined ? [] : [[name, given.get(name)]])));
}
