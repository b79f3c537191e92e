import { foldCase } from '../../arm/fold-case.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { sha256 } from '../../contract/sha256.ts';
import type { Check, WaitingCheck } from '../state/check.ts';

/**
 * What equal checks have in common, as a hash: all that is asked of Azure. `undefined` where a check shares no run: with
 * probe headers it may ask as somebody, and whoever asks again wants a new measurement. To be asked before the check has
 * a network watcher that was looked up.
 */
export function joinKeyOf({ request, networkWatcher, rerunOf, member }: WaitingCheck): string | undefined {
  const isWithHeaders = (request.protocolConfiguration?.HTTPConfiguration?.headers ?? []).length > 0;
  if (isWithHeaders || rerunOf !== undefined || member?.again) return undefined;
  return sha256(canonicalJson({ asked: foldedOf(request), networkWatcher: folded(networkWatcher) }));
}

/** Whether both ask Azure the same to the letter, by whatever network watcher: more than a question that results are compared by. */
export const askTheSame = (one: Check, other: Check): boolean =>
  canonicalJson(foldedOf(one.request)) === canonicalJson(foldedOf(other.request));

const foldedOf = ({ source, destination, ...how }: Check['request']) => ({
  ...how,
  source: { ...source, resourceId: foldCase(source.resourceId) },
  destination: { ...destination, resourceId: folded(destination.resourceId) },
});

const folded = (resourceId: string | undefined): string | undefined => resourceId && foldCase(resourceId);
