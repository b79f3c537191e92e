import type { ConnectivityParameters } from '../../src/arm/connectivity-parameters.ts';
import type { Caller, Via } from '../../src/contract/requester.ts';
import { decide as decideFlow } from '../../src/policy/decide.ts';
import { decideHops as decideHopsOfFlow } from '../../src/policy/decide-hops.ts';
import { readFlow } from '../../src/policy/rule/flow.ts';
import { parsePolicy, type Policy } from '../../src/policy/policy.ts';

export const subscription = '/subscriptions/00000000-0000-4000-8000-00000000000a';
export const vm = (name: string, group = 'rg-shop'): string =>
  `${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;

/** Groups that rules can name. */
export const groups = {
  one: '00000000-0000-4000-8000-00000000abc1',
  two: '00000000-0000-4000-8000-00000000abc2',
} as const;

/** A policy that must be right. */
export function policyOf(rules: readonly object[], more: object = {}): Policy {
  const parsed = parsePolicy(JSON.stringify({ version: 1, customRoles: ['Payments'], rules, ...more }));
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
  return parsed.policy;
}

const textOf = (document: unknown): string => (typeof document === 'string' ? document : JSON.stringify(document));

/** The faults of a policy that must be wrong. */
export function faultsIn(document: unknown): readonly string[] {
  const parsed = parsePolicy(textOf(document));
  return parsed.ok ? [] : parsed.faults;
}

/** Whether a rule by itself is one that a policy can have. */
export const canBeRule = (rule: object, more: object = {}): boolean =>
  faultsIn({ version: 1, customRoles: ['Payments'], rules: [{ id: 'a', ...rule }], ...more }).length === 0;

export const warningsIn = (document: unknown): readonly string[] => parsePolicy(textOf(document)).warnings;

export function callerOf(more: Partial<Omit<Caller, 'requester'>> & { via?: Via } = {}): Caller {
  const { via = 'http', ...grants } = more;
  return {
    requester: { id: 'Tenant/Alice', tenantId: 'Tenant', objectId: 'Alice', name: 'alice', kind: 'user', via },
    roles: ['Check.Request'],
    groups: [],
    groupsOverage: false,
    ...grants,
  };
}

type Destination = ConnectivityParameters['destination'];

export function requestOf(
  destination: Destination | string,
  more: Partial<Omit<ConnectivityParameters, 'destination' | 'source'>> & { source?: string } = {},
): ConnectivityParameters {
  const { source = vm('web-01'), ...rest } = more;
  return {
    source: { resourceId: source },
    destination: typeof destination === 'string' ? { address: destination, port: 443 } : destination,
    protocol: 'Tcp',
    ...rest,
  };
}

/** What the policy says of a request as it is kept. */
export const decide = (policy: Policy, caller: Caller, request: ConnectivityParameters) =>
  decideFlow(policy, caller, readFlow(request));

export const decideHops = (policy: Policy, caller: Caller, request: ConnectivityParameters, hops: readonly string[]) =>
  decideHopsOfFlow(
    policy,
    caller,
    readFlow(request),
    hops.map((text) => ({ member: 'address', text })),
  );
