import type { Caller } from '../contract/requester.ts';
import type { Side } from '../contract/request/side.ts';
import { isOpenTo } from './applicable.ts';
import type { Policy } from './policy.ts';

/**
 * The resource or address behind a name of the policy. To a caller whom no rule lets near
 * an endpoint its name is unknown: what a name stands for, and that it exists, is for those who may test it.
 */
export function findNamedTarget(policy: Policy, caller: Caller, name: string): Side | undefined {
  const endpoint = policy.endpoints.get(name);
  return endpoint && isOpenTo(policy, caller, endpoint) ? endpoint : undefined;
}
