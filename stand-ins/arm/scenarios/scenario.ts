import { z } from 'zod';
import { networkInterface } from '../network-interface.ts';
import type { Hop } from './outcome.ts';
import type { Pair } from './pair.ts';
import { type Resource, resources } from './resources.ts';

const issueSchema = z.strictObject({
  origin: z.enum(['Local', 'Inbound', 'Outbound']),
  severity: z.enum(['Error', 'Warning']),
  type: z.string(),
  context: z.record(z.string(), z.string()).exactOptional(),
});

const hopSchema = z.strictObject({
  type: z.string(),
  /** A machine of resources.ts stands there. */
  machine: z.string().exactOptional(),
  address: z.string().exactOptional(),
  resourceId: z.string().exactOptional(),
  issues: z.array(issueSchema).exactOptional(),
  linkIssues: z.array(issueSchema).exactOptional(),
  linkContext: z.record(z.string(), z.string().nullable()).exactOptional(),
});

/** One entry of scenarios.json: a check that Azure answers. Names are those of resources.ts, or the end of their ids. */
export const scenarioSchema = z.strictObject({
  description: z.string(),
  comment: z.string().exactOptional(),
  source: z.string(),
  destination: z.string(),
  port: z.int().exactOptional(),
  protocol: z.enum(['Tcp', 'Http', 'Https', 'Icmp']),
  /** The POST answers 200, not 202. */
  atOnce: z.literal(true).exactOptional(),
  finding: z.strictObject({
    connectionStatus: z.string(),
    probesSent: z.int(),
    probesFailed: z.int(),
    latencies: z.tuple([z.int(), z.int(), z.int()]).exactOptional(),
    sourceIssues: z.array(issueSchema).exactOptional(),
    hops: z.array(hopSchema),
    extra: z.record(z.string(), z.unknown()).exactOptional(),
  }),
});
type Scenario = z.infer<typeof scenarioSchema>;

export function pairOf({ source, destination, port, protocol, description, atOnce, finding }: Scenario): Pair {
  return {
    ...(port !== undefined && { port }),
    protocol,
    description,
    source: resourceNamed(source).id,
    destination: findResource(destination)?.id ?? destination,
    outcome: {
      kind: 'completes',
      finding: { ...finding, hops: finding.hops.map(hopOf) },
      ...(atOnce && { atOnce }),
    },
  };
}

function hopOf({ machine, address = '', ...hop }: Scenario['finding']['hops'][number]): Hop {
  if (machine === undefined) return { ...hop, address };
  const resource = resourceNamed(machine);
  return { ...hop, address: resource.address, resourceId: networkInterface(resource.id) };
}

const findResource = (name: string): Resource | undefined =>
  Object.values<Resource>(resources).find(({ id }) => id.endsWith(`/${name}`));

function resourceNamed(name: string): Resource {
  const found = findResource(name);
  if (!found)
    throw new Error(`scenarios.json names "${name}", which is no resource of resources.ts: correct the name.`);
  return found;
}
