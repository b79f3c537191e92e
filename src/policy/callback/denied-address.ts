import type { Policy } from '../policy.ts';
import { isNeverTested } from '../rule/never-tested.ts';
import { targetOf } from '../rule/target.ts';
import { isDeniedPlace } from './is-denied-place.ts';

/** What is open to a callback beside the internet. */
export interface Allowance {
  readonly private: boolean;
  /** This machine, and nothing else. */
  readonly loopback: boolean;
}

// As ipaddr.js names ranges. Of NAT64 the embedded address, which is judged too, says where it leads.
const open = ['unicast', 'rfc6052'];
const inside = [...open, 'private', 'carrierGradeNat', 'uniqueLocal'];

/** Why no callback may go to an IP address; `undefined` where one may. The addresses that it embeds are judged with it. */
export function deniedAddress(
  policy: Pick<Policy, 'denyRules'>,
  address: string,
  allowance: Allowance,
): string | undefined {
  const target = targetOf(address);
  if (target?.kind !== 'address' || target.ips.length === 0) return 'The callback goes to what is no address.';
  const within = (ranges: readonly string[]): boolean => target.ips.every((ip) => ranges.includes(ip.range()));
  if (isDeniedPlace(policy, target)) return 'The callback goes to an address that a rule denies.';
  if (allowance.loopback) return within(['loopback']) ? undefined : 'Plain http goes to this machine alone.';
  if (isNeverTested(target)) return 'The callback goes to an address that is never called.';
  if (within(allowance.private ? inside : open)) return undefined;
  return 'The callback goes to an address that is not on the internet, and the policy does not say `private`.';
}
