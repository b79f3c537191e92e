import { foldCase } from '../arm/fold-case.ts';
import { parseResourceId, type ResourceId } from '../arm/resource-id.ts';
import type { Source, Unreadable } from '../contract/answer/source.ts';
import type { Caller } from '../contract/requester.ts';
import type { Policy } from '../policy/policy.ts';
import { type Reach, reachOf } from '../policy/reach/reach.ts';
import { namesSubscription } from '../policy/reach/subscriptions-of.ts';
import type { Listing } from './listing.ts';

/** What of the listing is the caller's to see. */
export interface OpenSources {
  /** What the caller may test from, by name and then by id. */
  readonly from: readonly Source[];
  readonly unreadable: readonly Unreadable[];
}

/** What policy lets the caller test from. An address that policy denies the caller as a destination is left out. */
export function openSources(policy: Policy, caller: Caller, { sources, unreadable }: Listing): OpenSources {
  const reach = reachOf(policy, caller);
  const names = namesSubscription(policy, caller);
  const from = parsed(sources)
    .filter(({ id }) => reach.isSource(id))
    .map(({ source, id }) => ({ source: shown(source, id, reach), position: positionOf(source) }));
  return {
    from: from.toSorted((a, b) => (a.position < b.position ? -1 : 1)).map(({ source }) => source),
    unreadable: unreadable.filter(({ subscription }) => names(subscription)),
  };
}

/** The machines of that name. */
export function idsNamed({ sources }: Listing, name: string): readonly ResourceId[] {
  const wanted = foldCase(name);
  return parsed(sources.filter((source) => foldCase(source.name) === wanted)).map(({ id }) => id);
}

/** Those that policy lets the caller test from, or to. */
export function openOnes(
  policy: Policy,
  caller: Caller,
  side: 'source' | 'destination',
  ids: readonly ResourceId[],
): readonly ResourceId[] {
  const reach = reachOf(policy, caller);
  return ids.filter((id) => (side === 'source' ? reach.isSource(id) : reach.isDestination({ resource: id })));
}

/** Where a source stands in the list. */
export const positionOf = ({ name, resourceId }: Source): string =>
  `${encodeURIComponent(foldCase(name))} ${encodeURIComponent(foldCase(resourceId))}`;

const parsed = (sources: readonly Source[]): readonly { readonly source: Source; readonly id: ResourceId }[] =>
  sources.flatMap((source) => {
    const id = parseResourceId(source.resourceId);
    return id ? [{ source, id }] : [];
  });

function shown({ addresses = [], ...source }: Source, id: ResourceId, reach: Reach): Source {
  const known = addresses.filter((address) => reach.mayKnow(address, id));
  return { ...source, ...(known.length > 0 && { addresses: known }) };
}
