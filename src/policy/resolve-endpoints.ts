import type { Endpoint } from '../contract/endpoint.ts';
import type { Policy } from './policy.ts';

/** The resource or address behind a name of the policy, spelled as it goes to Azure. */
export function findEndpoint(policy: Policy, name: string): Endpoint | undefined {
  return policy.endpoints.get(name);
}
