import { z } from 'zod';
import type { Hop } from './outcome.ts';
import type { Pair } from './pair.ts';
import { resources } from './resources.ts';
import { pairOf, scenarioSchema } from './scenario.ts';
import scenarios from './scenarios.json' with { type: 'json' };

const { id: source } = resources.web1;

const longWay = Array.from({ length: 200 }, (_, n): Hop => {
  const name = `appliance-${String(n + 1).padStart(3, '0')}`;
  return {
    type: 'VirtualAppliance',
    address: `198.51.100.${n + 1}`,
    resourceId: source.replace(/Microsoft\.Compute.*/, `Microsoft.Network/virtualNetworkGateways/${name}`),
    linkContext: { RouteTable: `${source}/routes/${n}`, NextHopType: 'VirtualAppliance', Circuit: null },
  };
});

/** Pairs that are answered: those of scenarios.json, where a case can be added, and one that is too long to be written there. */
export const answeredPairs: readonly Pair[] = [
  ...z.array(scenarioSchema).parse(scenarios).map(pairOf),
  {
    source,
    destination: '198.51.100.200',
    port: 443,
    protocol: 'Tcp',
    description: 'reachable over 200 hops, a very long answer',
    outcome: {
      kind: 'completes',
      finding: {
        connectionStatus: 'Reachable',
        probesSent: 66,
        probesFailed: 0,
        latencies: [1, 2, 7],
        hops: longWay,
      },
    },
  },
];
