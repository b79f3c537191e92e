import type { Actor } from '../contract/actor.ts';
import type { ResourceId } from '../arm/resource-id.ts';
import { namesSubscription } from '../policy/reach/subscriptions-of.ts';
import { idsOf, listingFor, type SourcesDeps } from './list-sources.ts';
import type { Listing } from './listing.ts';
import { idsNamed, openOnes } from './open-sources.ts';

export interface NamesDeps extends SourcesDeps {
  readonly within: <T>(milliseconds: number, work: Promise<T>) => Promise<T | undefined>;
}

export type MachineSide = 'source' | 'destination';

export interface AskedMachine {
  readonly side: MachineSide;
  readonly name: string;
  /** Where it is looked for: among those that policy lets the actor test from, or to, or among all that are known. */
  readonly among: 'open' | 'all';
}

/** The machines of a name. */
export interface FoundMachines {
  readonly ids: readonly ResourceId[];
  /** Whether all was read in which there could be more of them. */
  readonly isListWhole: boolean;
}

const LONGEST_WAIT_MILLISECONDS = 10_000;

/** Looks into the list that is kept for all callers. What is not there and what is not the caller's to test are the same to them. */
export async function machinesNamed(deps: NamesDeps, actor: Actor, asked: AskedMachine): Promise<FoundMachines> {
  const { side, name, among } = asked;
  const reading = among === 'all' ? deps.listing.get(idsOf(actor.origin)) : listingFor(deps, actor);
  const listing = await deps.within(LONGEST_WAIT_MILLISECONDS, reading);
  if (!listing) return { ids: [], isListWhole: false };
  const ids = idsNamed(listing, name);
  if (among === 'all') return { ids, isListWhole: listing.unreadable.length === 0 };
  return { ids: openOnes(deps.policy, actor.caller, side, ids), isListWhole: isWhole(deps, actor, side, listing) };
}

/** Whether all that the caller's rules name could be read. */
function isWhole({ policy }: NamesDeps, { caller }: Actor, side: MachineSide, { unreadable }: Listing): boolean {
  const isNamed = namesSubscription(policy, caller, side === 'source' ? 'sources' : 'destinations');
  return !unreadable.some(({ subscription }) => isNamed(subscription));
}
