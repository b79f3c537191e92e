import { findings } from './findings.ts';
import { networkInterface } from '../network-interface.ts';
import type { Finding, Hop } from './outcome.ts';
import type { Pair } from './pair.ts';
import { resources } from './resources.ts';

const { web1, web2, sql, bare, api0, gateway, bastion, batch, idle, pay1 } = resources;
const { reachable, unreachable, unknown } = findings;

const vpnGateway = (name: string, address: string): Hop => ({
  type: 'VirtualNetworkGateway',
  address,
  resourceId: web1.id.replace(/Microsoft\.Compute.*/, `Microsoft.Network/virtualNetworkGateways/${name}`),
});
const inNetwork = (address: string): Hop => ({ type: 'VirtualNetwork', address });
const machine = ({ id, address }: { id: string; address: string }): Hop => ({
  ...inNetwork(address),
  resourceId: networkInterface(id),
});
const onInternet = (address: string): Hop => ({ type: 'Internet', address });
const onPremises = (address: string): Hop => ({ type: 'Destination', address });

const longWay = Array.from({ length: 200 }, (_, n): Hop => ({
  ...vpnGateway(`appliance-${String(n + 1).padStart(3, '0')}`, `198.51.100.${n + 1}`),
  type: 'VirtualAppliance',
  linkContext: { RouteTable: `${web1.id}/routes/${n}`, NextHopType: 'VirtualAppliance', Circuit: null },
}));

/** Pairs that are answered, without an issue in the answer. */
export const answeredPairs: readonly Pair[] = [
  pair(web1, '10.1.2.4', 1433, 'Tcp', 'reachable in its own network', reachable(machine(sql))),
  pair(api0, '10.1.2.4', 1433, 'Tcp', 'reachable from a scale-set instance', reachable(machine(sql))),
  pair(gateway, '10.1.1.4', 443, 'Tcp', 'reachable from an application gateway', reachable(machine(web1))),
  pair(bastion, '10.1.1.4', 22, 'Tcp', 'reachable from a Bastion host', reachable(machine(web1))),
  pair(web1, '10.2.1.4', 22, 'Tcp', 'reachable through a peering', {
    ...reachable({ type: 'VirtualNetworkPeering', address: '10.1.0.0' }, machine(batch)),
    latencies: [18, 19, 24],
  }),
  pair(web1, pay1.id, 443, 'Tcp', 'reachable over two VPN gateways', {
    ...reachable(vpnGateway('vpn-west', '203.0.113.1'), vpnGateway('vpn-partner', '203.0.113.2'), machine(pay1)),
    latencies: [71, 80, 999],
  }),
  pair(
    web1,
    '192.168.10.20',
    8443,
    'Tcp',
    'reachable on premises over a VPN gateway',
    reachable(vpnGateway('vpn-west', '203.0.113.1'), onPremises('192.168.10.20')),
  ),
  pair(web1, '192.168.10.20', undefined, 'Icmp', 'answers a ping', reachable(onPremises('192.168.10.20'))),
  pair(web1, 'shop.example.com', 443, 'Https', 'reachable with https', {
    ...reachable(onInternet('203.0.113.10')),
    probesSent: 3,
  }),
  pair(web2, '203.0.113.80', 80, 'Http', 'reachable, with members that Azure does not document', {
    ...reachable({ ...onInternet('203.0.113.80'), linkContext: { CircuitId: null, PeeringType: null } }),
    probesSent: 3,
    extra: { errors: {}, uploadBandwidthKBps: 0, downloadBandwidthKBps: 0 },
  }),
  pair(web1, '10.1.6.1', 443, 'Tcp', 'answered at once', reachable(inNetwork('10.1.6.1')), true),
  pair(web1, '10.1.6.2', 443, 'Tcp', 'says Connected, as the reference page does', {
    ...reachable(inNetwork('10.1.6.2')),
    connectionStatus: 'Connected',
  }),
  pair(web1, '10.1.6.3', 443, 'Tcp', 'says Disconnected, as the reference page does', {
    ...unreachable(inNetwork('10.1.6.3')),
    connectionStatus: 'Disconnected',
  }),
  pair(web1, '10.1.6.4', 445, 'Tcp', 'degraded: some probes are lost', {
    ...reachable(inNetwork('10.1.6.4')),
    connectionStatus: 'Degraded',
    probesSent: 100,
    probesFailed: 37,
  }),
  pair(web1, '10.1.6.5', 443, 'Tcp', 'a status that nobody knows', {
    ...reachable(inNetwork('10.1.6.5')),
    connectionStatus: 'PartiallyReachable',
  }),
  pair(bare, '10.1.2.4', 1433, 'Tcp', 'unknown after no probe: the source has no agent', unknown([], machine(sql))),
  pair(web1, '10.2.1.5', 3389, 'Tcp', 'unreachable without an issue: it is stopped', unreachable(machine(idle))),
  // Inferred: no recording has a refused status code.
  pair(web1, 'status.example.com', 443, 'Https', 'unreachable: an unexpected HTTP status code', {
    ...unreachable(onInternet('203.0.113.11')),
    probesSent: 3,
    probesFailed: 3,
  }),
  pair(web1, '198.51.100.200', 443, 'Tcp', 'reachable over 200 hops, a very long answer', reachable(...longWay)),
];

function pair(
  source: { readonly id: string },
  destination: string,
  port: number | undefined,
  protocol: Pair['protocol'],
  description: string,
  finding: Finding,
  atOnce?: true,
): Pair {
  const outcome = { kind: 'completes' as const, finding, ...(atOnce && { atOnce }) };
  return { source: source.id, destination, ...(port !== undefined && { port }), protocol, description, outcome };
}
