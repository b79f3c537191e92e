import type { Caller } from '../../contract/requester.ts';
import { findDenial } from '../find-denial.ts';
import type { Policy } from '../policy.ts';
import { accessRequestsOf } from '../rule/access-request.ts';
import type { Flow } from '../rule/flow.ts';

/**
 * Whether a rule that denies meets a flow with this caller as its requester. Nothing need allow the flow. One that
 * cannot be read is denied.
 */
export function isDenied(policy: Policy, caller: Caller, flow: Flow): boolean {
  const requests = accessRequestsOf(caller, flow);
  return requests.length === 0 || findDenial(policy, requests) !== undefined;
}
