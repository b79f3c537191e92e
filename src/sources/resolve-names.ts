import { foldCase } from '../arm/fold-case.ts';
import { formatResourceId, parseResourceId, type ResourceId } from '../arm/resource-id.ts';
import type { Actor } from '../contract/actor.ts';
import type { FieldError } from '../contract/problem.ts';
import type { NamedMachines } from '../contract/request/named-machines.ts';
import { namesSubscription } from '../policy/reach/subscriptions-of.ts';
import { listingFor, type SourcesDeps } from './list-sources.ts';
import type { Listing } from './listing.ts';
import { idsNamed } from './open-sources.ts';

export interface NamesDeps extends SourcesDeps {
  readonly within: <T>(milliseconds: number, work: Promise<T>) => Promise<T | undefined>;
}

/** Machines by name, as a request gives them. */
export interface Names {
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
}

/** What an earlier request with the same idempotency key named so, and what that was then. */
export interface EarlierNames {
  readonly names?: Names | undefined;
  readonly request: {
    readonly source: { readonly resourceId: string };
    readonly destination: { readonly resourceId?: string | undefined };
  };
}

type Side = 'source' | 'destination';

const LONGEST_WAIT_MILLISECONDS = 10_000;

/**
 * The machines that names stand for, among those that policy lets the actor test from, or to. What a name stood for when
 * the same idempotency key came first, it stands for again, so that a list that has changed makes no other request of it.
 */
export async function resolveNames(
  deps: NamesDeps,
  actor: Actor,
  names: Names,
  earlier?: EarlierNames,
): Promise<NamedMachines> {
  const asked = (['source', 'destination'] as const).flatMap((side) => {
    const name = names[side];
    return name === undefined ? [] : [{ side, name, before: idBefore(side, name, earlier) }];
  });
  const isOpen = asked.some(({ before }) => before === undefined);
  const listing = isOpen ? await deps.within(LONGEST_WAIT_MILLISECONDS, listingFor(deps, actor)) : undefined;
  const found = asked.map(({ side, name, before }) => {
    const ids = before ? [before] : listing ? idsNamed(deps.policy, actor.caller, listing, side, name) : [];
    return { side, ids };
  });
  return {
    ...Object.fromEntries(
      found.flatMap(({ side, ids: [id, ...more] }) => (id && more.length === 0 ? [[side, { resource: id }]] : [])),
    ),
    errors: found.flatMap(({ side, ids }) => errorsOf(side, ids, listing && isWhole(deps, actor, side, listing))),
  };
}

function idBefore(side: Side, name: string, earlier: EarlierNames | undefined): ResourceId | undefined {
  const before = earlier?.names?.[side];
  if (before === undefined || foldCase(before) !== foldCase(name)) return undefined;
  return parseResourceId(earlier?.request[side].resourceId ?? '');
}

/** Whether all that the caller's rules name could be read. */
function isWhole({ policy }: NamesDeps, { caller }: Actor, side: Side, { unreadable }: Listing): boolean {
  const isNamed = namesSubscription(policy, caller, side === 'source' ? 'sources' : 'destinations');
  return !unreadable.some(({ subscription }) => isNamed(subscription));
}

/** What is not there and what is not the caller's to test are the same to them. */
function errorsOf(side: Side, ids: readonly ResourceId[], isListWhole: boolean | undefined): readonly FieldError[] {
  const target = `${side}.name`;
  if (ids.length === 1) return [];
  if (ids.length > 1)
    return ids.map((id) => ({
      code: 'AmbiguousName',
      message: `Several have this name: give ${side}.resourceId, such as ${formatResourceId(id)}.`,
      target,
    }));
  const message = isListWhole === true ? none[side] : unread[side];
  return [{ code: 'InvalidValue', message, target }];
}

const none: Readonly<Record<Side, string>> = {
  source: 'No source of this name is open to you: GET /api/sources lists those that are.',
  destination: 'No machine of this name is open to you: give an address, a whole host name or a resource id.',
};

const unread: Readonly<Record<Side, string>> = {
  source:
    'No source of this name is open to you, as far as the list of sources can be read now: give its resource id, or ask again in a minute.',
  destination:
    'No machine of this name is open to you, as far as the list of machines can be read now: give an address or a whole host name, or ask again in a minute.',
};
