/** Members of a hop, or of its links, that can say where it is. */
const places = ['address', 'resourceid', 'id'] as const;
type Place = (typeof places)[number];

/** A text of Azure's that may say where a path leads, and the member that has it. */
export interface HopPlace {
  readonly member: Place;
  readonly text: string;
}

type Hop = Readonly<Record<string, unknown>>;

/**
 * Everything in a result that may say where its path leads: addresses and ids of hops and of their links, whatever they
 * are wrapped in. Of the first hop its own are left out where it is the source.
 */
export function hopPlacesOf(result: unknown, isSource: (firstHop: Hop) => boolean): HopPlace[] {
  return [...hopLists(result)].flatMap((hops) => {
    const list: unknown[] = Array.isArray(hops) ? hops : [hops];
    const [first, ...rest] = list;
    const begin = isObject(first) && isSource(first) ? withoutOwnPlaces(first) : first;
    return [begin, ...rest].flatMap(placesOfHop);
  });
}

/** Values of members called `hops`, at whatever depth. */
function* hopLists(value: unknown): Generator {
  const items: unknown[] = Array.isArray(value) ? value : [];
  for (const item of items) yield* hopLists(item);
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    if (name.toLowerCase() === 'hops') yield member;
    else yield* hopLists(member);
  }
}

const withoutOwnPlaces = (hop: Hop): Hop =>
  Object.fromEntries(Object.entries(hop).filter(([name]) => placeOf(name) === undefined));

/** A hop that is no object can only be a place itself. */
function placesOfHop(hop: unknown): HopPlace[] {
  if (Array.isArray(hop)) return hop.flatMap(placesOfHop);
  return placesIn(hop, isObject(hop) ? undefined : 'address');
}

/** `member`: under which of its places a hop has the value, if it is under one. */
function placesIn(value: unknown, member: Place | undefined): HopPlace[] {
  if (Array.isArray(value)) return value.flatMap((item) => placesIn(item, member));
  if (isObject(value)) return Object.entries(value).flatMap(([name, each]) => placesIn(each, member ?? placeOf(name)));
  if (member === undefined || (typeof value !== 'string' && typeof value !== 'number')) return [];
  return [{ member, text: String(value) }];
}

const placeOf = (name: string): Place | undefined => places.find((place) => place === name.toLowerCase());

const isObject = (value: unknown): value is Hop => typeof value === 'object' && value !== null && !Array.isArray(value);
