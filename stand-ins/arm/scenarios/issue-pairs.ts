import { findings } from './findings.ts';
import type { Finding, Hop, Issue } from './outcome.ts';
import type { Pair } from './pair.ts';
import { resources } from './resources.ts';

const { reachable, unreachable, unknown } = findings;
const { web1 } = resources;

/** One pair for each type of issue that Azure documents, and for those that it does not. */
export const issuePairs: readonly Pair[] = [
  pair('10.1.4.1', 443, 'AgentStopped', unknown([error('Local', 'AgentStopped')], hop('10.1.4.1'))),
  pair('nowhere.example.com', 443, 'DnsResolution', {
    ...unreachable(),
    sourceIssues: [error('Local', 'DnsResolution')],
  }),
  // The real service names both: it cannot tell a closed port from a firewall of the guest.
  pair(
    '10.1.4.3',
    3389,
    'GuestFirewall',
    unreachable(hop('10.1.4.3', error('Local', 'NoListenerOnDestination'), error('Local', 'GuestFirewall'))),
  ),
  pair(
    '10.1.4.4',
    22,
    'NetworkSecurityRule, inbound',
    unreachable(hop('10.1.4.4', error('Inbound', 'NetworkSecurityRule', { RuleName: 'DenySshInbound' }))),
  ),
  pair('203.0.113.25', 587, 'NetworkSecurityRule, outbound', {
    ...unreachable({ type: 'Internet', address: '203.0.113.25' }),
    sourceIssues: [error('Outbound', 'NetworkSecurityRule', { RuleName: 'DenyMailOutbound' })],
  }),
  pair('10.1.4.5', 443, 'Platform', unreachable(hop('10.1.4.5', error('Inbound', 'Platform')))),
  pair('203.0.113.26', 25, 'PortThrottled', {
    ...unreachable({ type: 'Internet', address: '203.0.113.26' }),
    sourceIssues: [error('Outbound', 'PortThrottled')],
  }),
  pair('10.1.4.7', 443, 'SocketBind', unknown([error('Local', 'SocketBind')], hop('10.1.4.7'))),
  pair('10.1.4.8', 443, 'Unknown', unreachable(hop('10.1.4.8', error('Local', 'Unknown')))),
  pair('203.0.113.99', 443, 'UserDefinedRoute', {
    ...unreachable({ type: 'Destination', address: '203.0.113.99' }),
    sourceIssues: [error('Outbound', 'UserDefinedRoute', { RouteType: 'User' })],
  }),
  pair(
    '10.1.4.10',
    8080,
    'NoListenerOnDestination',
    unreachable(hop('10.1.4.10', error('Local', 'NoListenerOnDestination'))),
  ),
  pair(
    '172.20.0.4',
    443,
    'NoRouteLearned',
    unknown([error('Outbound', 'NoRouteLearned')], { type: 'Destination', address: '172.20.0.4' }),
  ),
  pair(
    '172.20.0.5',
    443,
    'RouteMissing, on a link',
    unreachable({ type: 'Destination', address: '172.20.0.5', linkIssues: [error('Outbound', 'RouteMissing')] }),
  ),
  pair('10.1.4.13', 443, 'CPU', degraded(hop('10.1.4.13', { origin: 'Local', severity: 'Warning', type: 'CPU' }))),
  pair(
    '10.1.4.14',
    443,
    'Memory',
    degraded(hop('10.1.4.14', { origin: 'Local', severity: 'Warning', type: 'Memory' })),
  ),
];

function pair(destination: string, port: number, type: string, finding: Finding): Pair {
  const description = `issue ${type}`;
  return { source: web1.id, destination, port, protocol: 'Tcp', description, outcome: { kind: 'completes', finding } };
}

function hop(address: string, ...issues: Issue[]): Hop {
  return { type: 'VirtualNetwork', address, issues };
}

function error(origin: Issue['origin'], type: string, context: Record<string, string> = {}): Issue {
  return { origin, severity: 'Error', type, context };
}

function degraded(destination: Hop): Finding {
  return { ...reachable(destination), connectionStatus: 'Degraded', probesSent: 100, probesFailed: 12 };
}
