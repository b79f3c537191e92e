import { z } from 'zod';

// Strict where the service is; unknown members are let through, as the service does.
const port = z.int().min(0).max(65_535);
const checkRequestSchema = z.looseObject({
  source: z.looseObject({ resourceId: z.string().min(1), port: port.optional() }),
  destination: z
    .looseObject({
      resourceId: z.string().min(1).optional(),
      address: z.string().min(1).optional(),
      port: port.optional(),
    })
    .refine(({ resourceId, address }) => resourceId !== undefined || address !== undefined, {
      message: 'A destination needs a resourceId or an address.',
    }),
  protocol: z.enum(['Tcp', 'Http', 'Https', 'Icmp']).optional(),
  protocolConfiguration: z
    .looseObject({
      HTTPConfiguration: z
        .looseObject({
          method: z.literal('Get').optional(),
          headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
          validStatusCodes: z.array(z.int()).optional(),
        })
        .optional(),
    })
    .optional(),
  preferredIPVersion: z.enum(['IPv4', 'IPv6']).optional(),
});

/** A check that was read. */
export const knownCheckSchema = z.object({
  sourceId: z.string(),
  /** Resource id, address or host name, in lower case. */
  destination: z.string(),
  /** Absent where neither the request nor its URI names one. */
  port: z.number().optional(),
  protocol: z.enum(['Tcp', 'Http', 'Https', 'Icmp']),
});
export type CheckRequest = Readonly<z.infer<typeof knownCheckSchema>>;

/** Reads the body of a connectivity check, or says what is wrong with which member. */
export function parseCheckRequest(text: string): { readonly request: CheckRequest } | { readonly faults: string[] } {
  const parsed = checkRequestSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    return { faults: parsed.error.issues.map(({ path, message }) => `${message} Path '${path.join('.')}'.`) };
  }
  const { source, destination, protocol = 'Tcp' } = parsed.data;
  const uri = readUri(destination.address);
  const place = destination.resourceId ?? uri?.host ?? destination.address ?? '';
  return {
    request: {
      sourceId: source.resourceId,
      destination: place.toLowerCase(),
      // Clients that send a URI send port 0 beside it.
      port: (destination.port === 0 ? undefined : destination.port) ?? uri?.port,
      protocol,
    },
  };
}

function readUri(address = ''): { host: string; port: number } | undefined {
  if (!address.includes('://') || !URL.canParse(address)) return undefined;
  const { hostname, port, protocol } = new URL(address);
  return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
