import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';
import type { CheckView } from '../../contract/check.ts';
import type { Reason } from '../../contract/verdict.ts';
import type { Policy } from '../policy.ts';
import { contactFor, type ContactQuestion } from './contact-for.ts';

/**
 * A check as it is answered, each reason with whom to ask. Today's policy says it, of old checks too: what was right
 * when a check ended may be the telephone number of nobody now.
 */
export function withContacts(policy: Pick<Policy, 'contacts'>, view: CheckView): CheckView {
  const { verdict, request } = view;
  const reasons = verdict.reasons.map((reason): Reason => {
    const contact = contactFor(policy, { owner: reason.owner, ...placeOf(reason, request) });
    return contact === undefined ? reason : { ...reason, contact };
  });
  return { ...view, verdict: { ...verdict, reasons } };
}

/** Where nothing was probed, what went wrong is at the source, or at the watcher of its region. */
const aboutTheSource: readonly string[] = ['NoProbes', 'AzureRefused', 'AzureFailed'];

/** What a reason is about: its hop, else the end of the path that it concerns. */
function placeOf(
  { code, hop, address }: Reason,
  { source, destination }: ConnectivityParameters,
): Pick<ContactQuestion, 'address' | 'resourceId'> {
  if (hop !== undefined) return hop.startsWith('/') ? { resourceId: hop, address } : { address: hop };
  if (aboutTheSource.includes(code)) return { resourceId: source.resourceId };
  return { resourceId: destination.resourceId, address: destination.address };
}
