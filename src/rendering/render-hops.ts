import type { ConnectivityParameters } from '../arm/connectivity-parameters.ts';
import type { ReadOnly } from '../contract/answer/read-only.ts';
import type { Reason } from '../contract/verdict.ts';
import { inOrder } from '../verdict/compare/path-of.ts';
import { flowOf } from '../verdict/words/flow.ts';
import { placeOf } from '../verdict/words/place.ts';
import { roundTripInWords } from '../verdict/words/round-trip.ts';
import { readHops, type Hop } from './read-hops.ts';
import { visible } from './visible.ts';

/** A place on the path, from the source on. */
export interface RenderedHop {
  readonly role: 'source' | 'between' | 'destination';
  /** `web-01 (10.1.1.4)` */
  readonly name: string;
  /** What Azure calls such a place, such as `VirtualAppliance`. */
  readonly kind?: string;
  /** Whole resource id, where it is known. */
  readonly resourceId?: string;
  /** Places in `hops` that the path goes to from here; several where it branches. */
  readonly next: readonly number[];
  /** How long a probe took from here to a next place and back, where Azure tells it. */
  readonly roundTrips?: readonly RenderedRoundTrip[];
  /** Places in `reasons` of what is said of this hop. */
  readonly reasons: readonly number[];
}

export interface RenderedRoundTrip {
  /** Place in `hops`. */
  readonly to: number;
  /** `2 ms on average (1–7 ms)` */
  readonly inWords: string;
}

/** The path as it was found; none where Azure told of none. */
export function renderHops(
  result: unknown,
  request: ReadOnly<ConnectivityParameters>,
  reasons: readonly ReadOnly<Reason>[],
): readonly RenderedHop[] {
  const flow = flowOf(request);
  const hops = readHops(result);
  const path = downward(inOrder(hops));
  return path.map((hop) => {
    const index = hops.indexOf(hop);
    const { id } = placeOf(withLists(hop), index, flow);
    const shown = withLists(shownHop(hop));
    const { role, name } = placeOf(shown, index, flow);
    const roundTrips = roundTripsOf(hop, path);
    return {
      role,
      name: visible(name),
      ...(shown.type ? { kind: shown.type } : {}),
      ...(shown.resourceId ? { resourceId: shown.resourceId } : {}),
      next: [...new Set(hop.nextHopIds)].flatMap((next) => placesOf(path, next)),
      ...(roundTrips.length > 0 && { roundTrips }),
      reasons: id === undefined ? [] : reasons.flatMap((reason, at) => (reason.hop === id ? [at] : [])),
    };
  });
}

/** Each place below all that lead to it, so that a line can be drawn downward; of those in a circle, the first first. */
function downward(path: readonly Hop[]): readonly Hop[] {
  const byId = new Map(path.toReversed().map((hop) => [hop.id, hop]));
  const nextOf = ({ nextHopIds }: Hop) => [...new Set(nextHopIds)].flatMap((id) => byId.get(id) ?? []);
  const leading = new Map<Hop, number>();
  for (const next of path.flatMap(nextOf)) leading.set(next, (leading.get(next) ?? 0) + 1);
  const drawn = new Set<Hop>();
  for (const first of path) {
    const ready = [first];
    for (const hop of ready) {
      if (drawn.has(hop)) continue;
      drawn.add(hop);
      for (const next of nextOf(hop)) {
        const left = (leading.get(next) ?? 0) - 1;
        leading.set(next, left);
        if (left === 0) ready.push(next);
      }
    }
  }
  return [...drawn];
}

/** Azure's text is shown letter by letter, and not as a sentence would have it. */
const shownHop = (hop: Hop): Hop => ({
  type: hop.type && visible(hop.type.trim()),
  id: hop.id && visible(hop.id),
  address: hop.address && visible(hop.address),
  resourceId: hop.resourceId && visible(hop.resourceId),
  nextHopIds: hop.nextHopIds,
  links: [],
});

const withLists = (hop: Hop) => ({ ...hop, links: [], previousLinks: [], issues: [] });

function placesOf(path: readonly Hop[], id: string): readonly number[] {
  const at = path.findIndex((hop) => hop.id === id);
  return at < 0 ? [] : [at];
}

/** Of several links to one place the first that tells of it. */
function roundTripsOf({ links, nextHopIds }: Hop, path: readonly Hop[]): readonly RenderedRoundTrip[] {
  return [...new Set(nextHopIds)].flatMap((id) => {
    const told = links.filter(({ nextHopId }) => nextHopId === id).map(({ roundTrip }) => roundTripInWords(roundTrip));
    const inWords = told.find((words) => words !== undefined);
    return inWords === undefined ? [] : placesOf(path, id).map((to) => ({ to, inWords }));
  });
}
