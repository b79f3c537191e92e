import type { ConnectivityParameters } from '../../src/arm/connectivity-parameters.ts';
import { formatResourceId, parseResourceId, segmentsOf } from '../../src/arm/resource-id.ts';
import { writtenSide } from '../../src/contract/request/side.ts';
import type { Caller } from '../../src/contract/requester.ts';
import { decide } from '../../src/policy/decide.ts';
import { parsePortRange } from '../../src/policy/pattern/port-range.ts';
import { parseTargetPattern } from '../../src/policy/pattern/target-pattern.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type AccessRequest, requestBy } from '../../src/policy/rule/access-request.ts';
import { readFlow } from '../../src/policy/rule/flow.ts';
import { isNeverTested } from '../../src/policy/rule/never-tested.ts';
import type { Rule } from '../../src/policy/rule/rule.ts';
import { targetOf, targetPortsOf } from '../../src/policy/rule/target.ts';
import { type AddressRange, everyAddress, firstAddress, overlap, rangeOf, without } from './address-range.ts';
import type { OpenFlow } from './expectations.ts';

/** Why it does not hold, or cannot be shown to hold, that the flow is refused in every way to fill what it leaves out. */
export function proveRefused(policy: Policy, caller: Caller, flow: OpenFlow): string | undefined {
  const leaks =
    flow.destination.kind === 'range' ? leaksOfRange(policy, caller, flow) : leaksOfOne(policy, caller, flow);
  const shown = leaks.map((leak) => ({ ...leak, example: exampleOf(policy, leak, flow) }));
  const allowed = shown.find(({ example }) => example && decide(policy, caller, readFlow(example)).allowed);
  if (allowed?.example) return `rule "${allowed.rule.written.id}" allows ${flowText(allowed.example)}`;
  const [open] = shown;
  if (!open) return undefined;
  const place = open.address === undefined ? 'it' : `what begins at ${open.address}`;
  return `cannot be proven: rule "${open.rule.written.id}" may allow ${place}, and no rule is sure to deny that`;
}

/** A rule that may allow some of it, and the first address that it may allow. */
interface Leak {
  readonly rule: Rule;
  readonly address?: string;
}

function leaksOfRange(policy: Policy, caller: Caller, flow: OpenFlow): readonly Leak[] {
  if (flow.destination.kind !== 'range') return [];
  const request = accessRequestOf(caller, flow);
  const asked = [rangeOf(flow.destination.network)];
  const denied = policy.denyRules
    .filter((rule) => surelyBinds(rule, request, flow))
    .flatMap((rule) => rangesOf(policy, rule, 'deny'));
  return policy.allowRules
    .filter((rule) => mayBind(rule, request, flow))
    .flatMap((rule) => {
      const left = without(overlap(rangesOf(policy, rule, 'allow'), asked), denied).filter(
        (range) => !neverTested(range),
      );
      const [first] = left;
      return first ? [{ rule, address: firstAddress(first) }] : [];
    });
}

/** Every part of it must be allowed, so that it is refused where one part is. */
function leaksOfOne(policy: Policy, caller: Caller, flow: OpenFlow): readonly Leak[] {
  if (flow.destination.kind !== 'one') return [];
  const { target, port = target.port } = { target: flow.destination.target, port: flow.port };
  const parts = targetPortsOf({ ...target, port }).map((aim) => {
    const asked = { ...flow, port: aim.port };
    const request = { ...accessRequestOf(caller, asked), ...aim };
    const denied = policy.denyRules.some(
      (rule) => surelyBinds(rule, request, asked) && rule.destination(request) === true,
    );
    if (denied || isNeverTested(aim.target)) return [];
    return policy.allowRules.filter((rule) => mayBind(rule, request, asked) && rule.destination(request) !== false);
  });
  return (parts.find((rules) => rules.length === 0) ?? parts[0] ?? []).map((rule) => ({ rule }));
}

function accessRequestOf(caller: Caller, { source, port, protocol }: OpenFlow): AccessRequest {
  return { ...requestBy(caller), source: source === undefined ? [] : segmentsOf(source), port, protocol };
}

function mayBind({ requester, source, port, protocol }: Rule, request: AccessRequest, flow: OpenFlow): boolean {
  return (
    requester(request) !== false &&
    (flow.source === undefined || source(request) !== false) &&
    (flow.port === undefined || port(request) !== false) &&
    (flow.protocol === undefined || protocol(request) !== false)
  );
}

function surelyBinds(rule: Rule, request: AccessRequest, flow: OpenFlow): boolean {
  const { sources, ports, protocols } = rule.written;
  return (
    rule.requester(request) === true &&
    (flow.source === undefined ? !sources : rule.source(request) === true) &&
    (flow.port === undefined ? !ports : rule.port(request) === true) &&
    (flow.protocol === undefined ? !protocols : rule.protocol(request) === true)
  );
}

/** The addresses that a rule names. What is sure of a rule that denies is less than what a rule that allows may allow. */
function rangesOf({ endpoints }: Policy, { written }: Rule, effect: 'allow' | 'deny'): readonly AddressRange[] {
  if (!written.destinations) return everyAddress;
  return written.destinations.flatMap((entry) => {
    const pattern = parseTargetPattern(entry);
    if (pattern.kind === 'anything') return everyAddress;
    if (pattern.kind === 'network') return [rangeOf(pattern.network)];
    const endpoint = pattern.kind === 'endpoint' ? endpoints.get(pattern.name) : undefined;
    if (endpoint?.address === undefined || (effect === 'deny' && endpoint.port !== undefined)) return [];
    const [aim] = targetPortsOf({ address: endpoint.address });
    if (aim?.target.kind !== 'address' || (effect === 'deny' && aim.target.uri !== undefined)) return [];
    return aim.target.ips.slice(0, 1).map((base) => rangeOf({ base, bits: base.kind() === 'ipv4' ? 32 : 128 }));
  });
}

function neverTested(range: AddressRange): boolean {
  const target = range.from === range.to ? targetOf(firstAddress(range)) : undefined;
  return target !== undefined && isNeverTested(target);
}

/** One request that the rule may allow, to show it rather than to suspect it. */
function exampleOf(policy: Policy, { rule, address }: Leak, flow: OpenFlow): ConnectivityParameters | undefined {
  const { sources, ports, protocols } = rule.written;
  const resourceId = flow.source ?? exampleSource(policy, sources?.[0]);
  if (resourceId === undefined) return undefined;
  const destination = flow.destination.kind === 'one' ? writtenSide(flow.destination.target) : { address };
  const [port] = [
    flow.port,
    destination.port ?? endpointPort(policy, address),
    parsePortRange(ports?.[0] ?? '443')?.from,
  ].filter(isGiven);
  const [protocol] = [flow.protocol, protocols?.[0], 'Tcp' as const].filter(isGiven);
  return { source: { resourceId }, destination: { ...destination, port }, protocol };
}

const endpointPort = ({ endpoints }: Policy, address: string | undefined): number | undefined =>
  address === undefined
    ? undefined
    : [...endpoints.values()].find((named) => named.address?.canonical === address)?.port;

const isGiven = <T>(value: T | undefined): value is T => value !== undefined;

const anySource =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/any/providers/Microsoft.Compute/virtualMachines/any';

function exampleSource({ endpoints }: Policy, entry = '**'): string | undefined {
  if (entry === '**') return anySource;
  if (entry.startsWith('endpoint:')) {
    const resource = endpoints.get(entry.slice('endpoint:'.length))?.resource;
    return resource && formatResourceId(resource);
  }
  const given = entry.replace(/\/\*\*$/, '').split('/');
  const id = [...given.map((part, index) => filled(part, index)), ...anySource.split('/').slice(given.length)].join(
    '/',
  );
  return parseResourceId(id) ? id : undefined;
}

/** A star stands for what is there in `anySource`, or for any letters. */
const filled = (part: string, index: number): string =>
  part === '*' ? (anySource.split('/')[index] ?? 'any') : part.replaceAll('*', 'x');

function flowText({ source, destination, protocol }: ConnectivityParameters): string {
  const { resourceId, address = resourceId ?? '', port } = destination;
  return `${address}${port === undefined ? '' : ` port ${port}`} ${protocol ?? ''} from ${source.resourceId}`;
}
