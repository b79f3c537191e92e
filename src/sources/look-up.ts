import { foldCase } from '../arm/fold-case.ts';
import { formatResourceId, parseResourceId, type ResourceId, resourceType } from '../arm/resource-id.ts';
import type { Actor } from '../contract/actor.ts';
import { Problem } from '../contract/problem.ts';
import { openSubscriptions } from '../policy/reach/open-subscriptions.ts';
import { reachOf } from '../policy/reach/reach.ts';
import { idsOf, listingFor, type SourcesDeps } from './list-sources.ts';
import { openSources } from './open-sources.ts';
import type { Place, Places, Watcher } from './places.ts';

export interface LookUpDeps extends SourcesDeps {
  readonly places: Places;
}

/** A machine that the actor may test from. */
export interface Machine {
  readonly id: ResourceId;
  readonly region: string;
}

/**
 * One virtual machine; `undefined` where there is none, or where policy lets the actor not test from it: of such a one
 * Azure is asked nothing. Throws `Paused`, `AzureFailed` where it cannot be found out now.
 */
export async function findMachine(deps: LookUpDeps, actor: Actor, resourceId: string): Promise<Machine | undefined> {
  const id = parseResourceId(resourceId);
  if (!id || resourceType(id) !== 'microsoft.compute/virtualmachines') return undefined;
  if (!reachOf(deps.policy, actor.caller).isSource(id)) return undefined;
  const listing = await deps.listing.recent();
  const listed = listing?.sources.find((source) => foldCase(source.resourceId) === foldCase(formatResourceId(id)));
  // The list is behind by minutes: what it has not, Azure may have.
  const region = listed?.region ?? foundIn(await deps.places.regionOf(id, idsOf(actor.origin)));
  return region === undefined ? undefined : { id: parseResourceId(listed?.resourceId ?? '') ?? id, region };
}

/** The network watchers of a subscription in which the actor may test from something; `undefined` as for a machine. */
export async function listWatchers(
  deps: LookUpDeps,
  actor: Actor,
  subscription: string,
): Promise<readonly Watcher[] | undefined> {
  const id = subscription.toLowerCase();
  if (!isSubscriptionId(id) || !openSubscriptions(deps.policy, actor.caller).isOpen(id)) return undefined;
  return foundIn(await deps.places.watchersOf(id, idsOf(actor.origin)));
}

/** The subscriptions in which the actor may test from something: those that rules name, and of those they mean by a pattern what Azure lists. */
export async function listSubscriptions(deps: SourcesDeps, actor: Actor): Promise<readonly string[]> {
  const { named } = openSubscriptions(deps.policy, actor.caller);
  const { from } = openSources(deps.policy, actor.caller, await listingFor(deps, actor));
  return [...new Set([...named, ...from.map(({ subscription }) => subscription)])].toSorted();
}

/** Whether it is one of these. */
export async function isOpenSubscription(deps: SourcesDeps, actor: Actor, subscription: string): Promise<boolean> {
  const id = subscription.toLowerCase();
  const { isOpen, named } = openSubscriptions(deps.policy, actor.caller);
  if (!isSubscriptionId(id) || !isOpen(id)) return false;
  return named.includes(id) || (await listSubscriptions(deps, actor)).includes(id);
}

const isSubscriptionId = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

function foundIn<T>(place: Place<T>): T | undefined {
  if (place.kind === 'found') return place.value;
  if (place.kind === 'none') return undefined;
  if (place.code === 'Paused')
    throw new Problem('Paused', 'The proxy is paused by its operators: Azure is asked nothing now. Ask again later.', {
      retryAfterSeconds: 60,
    });
  throw new Problem('AzureFailed', `Azure did not say where it is (${place.code}): ask again in a minute.`);
}
