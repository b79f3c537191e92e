import type { Side } from '../../contract/request/side.ts';
import type { ContactDocument } from '../document/policy-document.ts';
import { requestTo } from '../rule/access-request.ts';
import { destinationCondition } from '../rule/destination-condition.ts';
import type { Target } from '../rule/target.ts';

/** Whom to ask, and about what. */
export interface Contact {
  readonly contact: string;
  /** Asks for what the contact names: without an owner or a target it fits only where it names none. */
  readonly fits: (owner: string | undefined, targets: readonly Target[]) => boolean;
}

/** An address counts in every way that a rule that denies reads it: whom an IPv4 range belongs to is asked about its IPv6 forms. */
export function compileContact(
  { owners, targets, contact }: ContactDocument,
  endpoints: ReadonlyMap<string, Side>,
): Contact {
  const within = destinationCondition(targets, 'deny', endpoints);
  const meets = (target: Target): boolean => within(requestTo(target)) !== false;
  return {
    contact,
    fits: (owner, asked) =>
      (!owners || owners.some((each) => each === owner)) && (!targets || asked.some((target) => meets(target))),
  };
}
