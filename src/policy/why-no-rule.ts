import { parseTargetPattern } from './pattern/target-pattern.ts';
import { listed } from '../contract/text/listed.ts';
import type { Policy } from './policy.ts';
import type { AccessRequest } from './rule/access-request.ts';
import type { Rule } from './rule/rule.ts';

type Member = 'source' | 'destination' | 'port' | 'protocol';
type Requests = readonly AccessRequest[];

interface Near {
  readonly rule: Rule;
  readonly misses: readonly Member[];
}

/** Entries of a rule that a sentence has room for. */
const MOST = 4;
const OPERATORS = "ask the proxy's operators whether it can be allowed.";

/**
 * Why no rule allows it: what is missing, and the rule that comes nearest. It tells of rules that are about the caller
 * and of no other, as `GET /api/me` does, so that a refusal is no way to learn whom else the policy names.
 */
export function whyNoRule({ allowRules }: Policy, requests: Requests): string {
  const own = allowRules.filter(({ requester }) => requests.every((request) => requester(request) === true));
  const near = own.map((rule) => ({ rule, misses: missesOf(rule, requests) }));
  const nearest = near.toSorted((a, b) => farness(a) - farness(b)).at(0);
  if (!nearest) return `No rule of the policy allows this check: ${OPERATORS}`;
  const { written } = nearest.rule;
  const lacks = lackOf(nearest.misses);
  if (lacks === '') {
    const { offer, given } = portAndProtocol(nearest, requests);
    return `No rule allows this check. Rule "${written.id}" allows it with ${offer}; you gave ${given}. For anything else ask the proxy's operators.`;
  }
  return [
    `No rule allows you ${lackOfAll(near) || 'this destination from this source'}: ${OPERATORS}`,
    `The nearest is rule "${written.id}", which allows ${offerOf(nearest, requests)}.`,
    ...hints(nearest, requests),
  ].join(' ');
}

function missesOf(rule: Rule, requests: Requests): readonly Member[] {
  const misses = requests.flatMap((request): Member[] => {
    const place = rule.destination(request);
    return [
      ...(rule.source(request) === true ? [] : ['source' as const]),
      // An endpoint with a port leaves the port open, not the destination.
      ...(place === true ? [] : [place === 'port' ? ('port' as const) : ('destination' as const)]),
      ...(rule.port(request) === true ? [] : ['port' as const]),
      ...(rule.protocol(request) === true ? [] : ['protocol' as const]),
    ];
  });
  return [...new Set(misses)];
}

const weights: Readonly<Record<Member, number>> = { source: 10, destination: 10, port: 2, protocol: 1 };
const farness = ({ misses }: Near): number => misses.reduce((sum, member) => sum + weights[member], 0);

const lackOf = (misses: readonly Member[]): string =>
  (['source', 'destination'] as const)
    .filter((member) => misses.includes(member))
    .map((member) => `this ${member}`)
    .join(' and ');

/** What no rule has, whatever else it asks for. */
const lackOfAll = (near: readonly Near[]): string =>
  lackOf((['source', 'destination'] as const).filter((member) => near.every(({ misses }) => misses.includes(member))));

function offerOf({ rule, misses }: Near, requests: Requests): string {
  const { sources, destinations } = rule.written;
  const { offer, given } = portAndProtocol({ rule, misses }, requests);
  return [
    'checks',
    ...(misses.includes('source') && sources ? [`from ${listed(sources, MOST)}`] : []),
    ...(misses.includes('destination') && destinations ? [`to ${listed(destinations, MOST)}`] : []),
    ...(offer === '' ? [] : [`with ${offer} (you gave ${given})`]),
  ].join(' ');
}

/** `protocol Tcp or Https`, and what was given instead. */
function portAndProtocol({ rule, misses }: Near, requests: Requests): { offer: string; given: string } {
  const { ports, protocols = [] } = rule.written;
  const parts = [
    {
      member: 'port',
      offer: ports ? `port ${listed(ports, MOST)}` : 'the port of its endpoint',
      given: portsOf(requests),
    },
    { member: 'protocol', offer: `protocol ${listed(protocols)}`, given: requests[0]?.protocol },
  ] as const;
  const missing = parts.filter(({ member }) => misses.includes(member));
  const only = missing.length === 1;
  return {
    offer: missing.map(({ offer }) => offer).join(' and '),
    given: missing
      .map(({ member, given }) =>
        given === undefined ? (only ? 'none' : `no ${member}`) : only ? given : `${member} ${given}`,
      )
      .join(' and '),
  };
}

function portsOf(requests: Requests): string | undefined {
  const ports = [...new Set(requests.flatMap(({ port }) => port ?? []))];
  return ports.length === 0 ? undefined : ports.join(' and ');
}

/** The likeliest slip: a rule names ranges, the request the machine by its id, or the other way round. */
function hints({ rule, misses }: Near, requests: Requests): readonly string[] {
  if (!misses.includes('destination')) return [];
  const kinds = new Set((rule.written.destinations ?? []).map((entry) => parseTargetPattern(entry).kind));
  const byAddress = kinds.has('network') || kinds.has('host');
  const asked = new Set(requests.map(({ target }) => target.kind));
  if (asked.has('resource') && byAddress) return ['It names addresses, and you gave a resource id: try its address.'];
  if (asked.has('address') && kinds.has('resource') && !byAddress)
    return ['It names resource ids, and you gave an address: try the id of its resource.'];
  return [];
}
