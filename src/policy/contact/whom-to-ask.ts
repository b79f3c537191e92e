import type { Policy } from '../policy.ts';
import type { AccessRequest } from '../rule/access-request.ts';

/**
 * ` Contact: #netcheck.`, for the end of a refusal: whom the policy names for what was asked for. Whoever may change
 * the policy is asked. Empty where it names nobody.
 */
export function whomToAsk({ contacts }: Pick<Policy, 'contacts'>, requests: readonly AccessRequest[]): string {
  const targets = requests.map(({ target }) => target);
  const found = contacts.find(({ fits }) => fits('proxy operator', targets));
  return found ? ` Contact: ${found.contact.replace(/\.$/, '')}.` : '';
}
