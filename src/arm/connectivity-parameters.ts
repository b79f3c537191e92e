import { z } from 'zod';

/** Protocols that Network Watcher can probe with. */
export const protocolSchema = z.enum(['Tcp', 'Http', 'Https', 'Icmp']);
export type Protocol = z.infer<typeof protocolSchema>;

const port = z.int().min(0).max(65_535);

/**
 * Azure's ConnectivityParameters as it goes to ARM: named endpoints are resolved, ids and addresses are in their one
 * spelling. The order of members is the order on the wire.
 */
export const connectivityParametersSchema = z.strictObject({
  source: z.strictObject({ resourceId: z.string(), port: port.optional() }),
  destination: z.strictObject({
    resourceId: z.string().optional(),
    address: z.string().optional(),
    port: port.optional(),
  }),
  protocol: protocolSchema.optional(),
  protocolConfiguration: z
    .strictObject({
      HTTPConfiguration: z
        .strictObject({
          method: z.literal('Get').optional(),
          headers: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
          validStatusCodes: z.array(z.int()).optional(),
        })
        .optional(),
    })
    .optional(),
  preferredIPVersion: z.enum(['IPv4', 'IPv6']).optional(),
});
export type ConnectivityParameters = z.infer<typeof connectivityParametersSchema>;
