import { foldCase } from '../arm/fold-case.ts';
import type { Actor } from '../contract/actor.ts';
import type { Source, Unreadable } from '../contract/answer/source.ts';
import type { CallIds } from '../arm/call-ids.ts';
import type { Caller } from '../contract/requester.ts';
import type { Policy } from '../policy/policy.ts';
import { reachOf } from '../policy/reach/reach.ts';
import type { KeptListing } from './kept-listing.ts';
import type { Listing } from './listing.ts';
import { openSources, positionOf } from './open-sources.ts';

export interface SourcesDeps {
  readonly policy: Policy;
  readonly listing: KeptListing;
}

interface Asked {
  /** Part of a name; absent: all. */
  readonly search?: string | undefined;
  readonly top: number;
  /** The position that the page before ended with. */
  readonly after?: string | undefined;
}

export interface SourcesPage {
  readonly sources: readonly Source[];
  /** Where the next page begins; absent where there is none. */
  readonly next?: string | undefined;
  readonly unreadable: readonly Unreadable[];
}

/** What policy lets the actor test from. For whom no rule allows anything, Azure is not asked. */
export async function listSources(
  deps: SourcesDeps,
  actor: Actor,
  { search = '', top, after }: Asked,
): Promise<SourcesPage> {
  const { from, unreadable } = openSources(deps.policy, actor.caller, await listingFor(deps, actor));
  const wanted = foldCase(search);
  const found = from.filter(({ name }) => foldCase(name).includes(wanted));
  const left = after === undefined ? found : found.filter((source) => positionOf(source) > after);
  const sources = left.slice(0, top);
  const last = sources.at(-1);
  return { sources, next: last && left.length > top ? positionOf(last) : undefined, unreadable };
}

export async function listingFor({ policy, listing }: SourcesDeps, { caller, origin }: Actor): Promise<Listing> {
  if (!mayTest(policy, caller)) return { at: new Date(0).toISOString(), sources: [], unreadable: [] };
  return listing.get(idsOf(origin));
}

const mayTest = (policy: Policy, caller: Caller): boolean => reachOf(policy, caller).isOpen;

export const idsOf = ({ requestId, traceparent }: Actor['origin']): CallIds => ({
  clientRequestId: requestId,
  ...(traceparent === undefined ? {} : { traceparent }),
});
