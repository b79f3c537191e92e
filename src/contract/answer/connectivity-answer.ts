import { z } from 'zod';

const text = z.string().optional();
const issues = z
  .array(
    z.looseObject({
      origin: text.describe('`Local`, `Inbound` or `Outbound`.'),
      severity: text.describe('`Error` or `Warning`.'),
      type: text.describe('Such as `NetworkSecurityRule`; docs/verdicts.md has those that are known.'),
      context: z.array(z.record(z.string(), z.string())).optional().describe('Such as the name of the rule.'),
    }),
  )
  .optional();
const links = z.array(z.looseObject({ nextHopId: text, linkType: text, resourceId: text, issues })).optional();

/** Azure's ConnectivityInformation as Azure documents it. */
export const connectivityAnswerSchema = z.looseObject({
  connectionStatus: text.describe('`Reachable`, `Unreachable`, `Degraded`, `Connected`, `Disconnected` or `Unknown`.'),
  hops: z
    .array(
      z.looseObject({
        type: text.describe('Such as `Source`, `VirtualAppliance` or `Destination`.'),
        id: text,
        address: text,
        resourceId: text,
        nextHopIds: z.array(z.string()).optional(),
        links,
        previousLinks: links,
        issues,
      }),
    )
    .optional(),
  avgLatencyInMs: z.number().optional(),
  minLatencyInMs: z.number().optional(),
  maxLatencyInMs: z.number().optional(),
  probesSent: z.number().optional(),
  probesFailed: z.number().optional(),
});

/** What came is answered as it came, whatever it is. */
export const azureAnswerSchema = z.union([
  connectivityAnswerSchema,
  z.unknown().describe('Anything else that Azure answered.'),
]);
