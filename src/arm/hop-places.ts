import { isIP } from 'node:net';

/** Members of a hop, or of its links, that can say where it is. */
const places = ['address', 'resourceid', 'id'] as const;
type Place = (typeof places)[number];

/** A text of Azure's that may say where a path leads, and the member that has it. */
export interface HopPlace {
  /** `other`: an IP address in a member that is about something else. */
  readonly member: Place | 'other';
  readonly text: string;
}

type Hop = Readonly<Record<string, unknown>>;

/**
 * Everything in a result that may say where its path leads: addresses and ids of hops and of their links, whatever they
 * are wrapped in, and what else in them is plainly an IP address, such as the next hop of a route in an issue's context.
 * Of the first hop its own are left out where it is the source.
 */
export function hopPlacesOf(result: unknown, isSource: (firstHop: Hop) => boolean): HopPlace[] {
  return [...hopLists(result)].flatMap((hops) => {
    const list: unknown[] = Array.isArray(hops) ? hops : [hops];
    const [first, ...rest] = list;
    if (!isObject(first) || !isSource(first)) return list.flatMap(placesOfHop);
    const own = placesIn(first['address'], 'address').map(({ text }) => text);
    return [withoutOwnPlaces(first), ...rest]
      .flatMap(placesOfHop)
      .filter(({ member, text }) => member !== 'other' || !own.includes(text));
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
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const text = String(value);
  return member === undefined ? plainAddressesIn(text) : [{ member, text }];
}

/** Of other members only what needs no guess: most are words, numbers and names. */
const plainAddressesIn = (text: string): HopPlace[] =>
  text
    .split(/[\s,;]+/u)
    .filter((part) => isIP(part) !== 0)
    .map((part) => ({ member: 'other', text: part }));

const placeOf = (name: string): Place | undefined => places.find((place) => place === name.toLowerCase());

const isObject = (value: unknown): value is Hop => typeof value === 'object' && value !== null && !Array.isArray(value);
