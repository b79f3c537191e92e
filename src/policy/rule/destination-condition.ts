import type { Side } from '../../contract/request/side.ts';
import { anyOf, anything, type Condition } from './condition.ts';
import { contains } from '../pattern/network.ts';
import { portCondition } from './port-condition.ts';
import type { AccessRequest } from './access-request.ts';
import { type TargetPort, targetPortsOf, type Target } from './target.ts';
import { parseTargetPattern } from '../pattern/target-pattern.ts';

type Effect = 'allow' | 'deny';
type Endpoints = ReadonlyMap<string, Side>;

/**
 * What is tested. A rule that denies reads an address in every way it can be meant: with the IPv4 address that an IPv6
 * address embeds, and with every path of a URI's host. A rule that allows takes what is written and no more.
 */
export function destinationCondition(
  entries: readonly string[] | undefined,
  effect: Effect,
  endpoints: Endpoints,
): Condition {
  return entries ? anyOf(entries.map((entry) => condition(entry, effect, endpoints))) : anything;
}

function condition(entry: string, effect: Effect, endpoints: Endpoints): Condition {
  const pattern = parseTargetPattern(entry);
  switch (pattern.kind) {
    case 'anything':
      return anything;
    case 'endpoint':
      return anyOf(targetPortsOf(endpoints.get(pattern.name) ?? {}).map((each) => targetPortCondition(each, effect)));
    case 'resource':
      return ({ target }) => target.kind === 'resource' && pattern.matches(target.id);
    case 'network':
      return (request) => meantIps(request, effect).some((ip) => contains(pattern.network, ip));
    case 'host':
      return ({ target }) => target.kind === 'address' && target.host !== undefined && pattern.matches(target.host);
    case 'fault':
      throw new Error(`${pattern.message}: parsePolicy should have named it`);
  }
}

function targetPortCondition({ target, port }: TargetPort, effect: Effect): Condition {
  const same = sameTarget(target, effect);
  const samePort = port === undefined ? anything : portCondition([{ from: port, to: port }]);
  return (request) => same(request) && samePort(request);
}

function sameTarget(named: Target, effect: Effect): (request: AccessRequest) => boolean {
  if (named.kind === 'resource') {
    const id = named.id.join('/');
    return ({ target }) => target.kind === 'resource' && target.id.join('/') === id;
  }
  if (named.uri !== undefined && effect === 'allow') {
    return ({ target }) => target.kind === 'address' && target.uri === named.uri;
  }
  const [own] = named.ips.map(String);
  if (own !== undefined) return (request) => meantIps(request, effect).some((ip) => ip.toString() === own);
  return ({ target }) => target.kind === 'address' && target.host === named.host;
}

function meantIps({ target }: AccessRequest, effect: Effect) {
  if (target.kind === 'resource') return [];
  return effect === 'deny' ? target.ips : target.ips.slice(0, 1);
}
