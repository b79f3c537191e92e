import type { NamedTarget } from '../contract/request/named-target.ts';
import type { Caller } from '../contract/requester.ts';
import { applicableTo } from './applicable.ts';
import type { Policy } from './policy.ts';

/**
 * The resource or address behind a name of the policy, spelled as it goes to Azure. To a caller whom no rule lets near
 * an endpoint its name is unknown: what a name stands for, and that it exists, is for those who may test it.
 */
export function findNamedTarget(policy: Policy, caller: Caller, name: string): NamedTarget | undefined {
  if (!policy.endpoints.has(name)) return undefined;
  const open = applicableTo(policy, caller).endpoints.some((endpoint) => endpoint.name === name);
  return open ? policy.endpoints.get(name) : undefined;
}
