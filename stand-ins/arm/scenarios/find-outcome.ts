import type { CheckRequest } from '../check-request.ts';
import { findings } from './findings.ts';
import { networkInterface } from '../network-interface.ts';
import type { Finding, Hop, Outcome } from './outcome.ts';
import type { Pair } from './pair.ts';
import type { Resource } from './resources.ts';
import type { World } from './world.ts';

export interface Found {
  /** The declared pair, where there is one. */
  readonly pair?: Pair;
  readonly outcome: Outcome;
}

/** What comes of a check: what is declared, else what is likely. */
export function findOutcome(world: World, source: Resource, request: CheckRequest): Found {
  const target = world.resources.find((resource) => isAt(resource, request.destination));
  const pair = world.pairs.find((candidate) => matches(candidate, source, request, target));
  if (pair) return { pair, outcome: pair.outcome };
  const served = world.pairs.find((candidate) => isServed(candidate, source, request, target));
  return { outcome: served?.outcome ?? { kind: 'completes', finding: likely(source, request, target) } };
}

/** Whether the check connects to what is declared to answer requests of HTTP: who answers them takes connections. */
function isServed(pair: Pair, source: Resource, request: CheckRequest, target: Resource | undefined): boolean {
  const { protocol, outcome } = pair;
  const answers = outcome.kind === 'completes' && outcome.finding.connectionStatus === 'Reachable';
  return request.protocol === 'Tcp' && answers && matches(pair, source, { ...request, protocol }, target);
}

function matches(pair: Pair, source: Resource, request: CheckRequest, target: Resource | undefined): boolean {
  const there = pair.destination.toLowerCase();
  return (
    pair.source === source.id &&
    (there === request.destination || (target !== undefined && isAt(target, there))) &&
    (pair.port === request.port || pair.protocol === 'Icmp') &&
    pair.protocol === request.protocol
  );
}

function isAt({ id, address }: Resource, destination: string): boolean {
  return id.toLowerCase() === destination || address === destination;
}

function likely(source: Resource, { destination }: CheckRequest, target: Resource | undefined): Finding {
  const hop = hopTo(destination, target);
  // The agent is what probes; gateways and Bastion hosts bring their own.
  const machine = source.kind === 'virtual machine' || source.kind === 'scale-set instance';
  if (source.stopped || (machine && source.agent === undefined)) return findings.unknown([], hop);
  return target && !target.stopped ? findings.reachable(hop) : findings.unreachable(hop);
}

function hopTo(destination: string, target: Resource | undefined): Hop {
  if (target) return { type: 'VirtualNetwork', address: target.address, resourceId: networkInterface(target.id) };
  const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(destination);
  return { type: isPrivate ? 'Destination' : 'Internet', address: destination };
}
