import type { Policy } from '../policy.ts';
import { targetOf } from '../rule/target.ts';

/** What somebody is to be asked about, as far as it is known. */
export interface ContactQuestion {
  /** Who has to act, in the words of verdicts. */
  readonly owner?: string | undefined;
  readonly address?: string | undefined;
  readonly resourceId?: string | undefined;
}

/** Whom to ask: the first contact of the policy that fits. What cannot be read as an address or an id fits no place. */
export function contactFor(
  { contacts }: Pick<Policy, 'contacts'>,
  { owner, address, resourceId }: ContactQuestion,
): string | undefined {
  const targets = [address, resourceId].flatMap((text) => (text === undefined ? [] : (targetOf(text) ?? [])));
  return contacts.find(({ fits }) => fits(owner, targets))?.contact;
}
