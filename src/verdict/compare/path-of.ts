import type { ConnectivityHop } from '../../arm/connectivity-information.ts';
import { foldCase } from '../../arm/fold-case.ts';
import type { Flow } from '../words/flow.ts';
import { placeOf } from '../words/place.ts';

/** A hop as it is compared: without its id, which is another in every result. */
export interface PathHop {
  /** In any case; absent where Azure names none. */
  readonly resource: string | undefined;
  readonly address: string | undefined;
  readonly type: string;
  /** For a person: `the virtual appliance fw-1 (10.1.9.4) on the way`. */
  readonly inWords: string;
  /** For a program: resource id, address or, where Azure names neither, the type. */
  readonly value: string;
}

/** The hops of a result from the source on, as its links lead; what no link leads to comes last, as Azure lists it. */
export function pathOf(hops: readonly ConnectivityHop[], flow: Flow): readonly PathHop[] {
  const places = new Map(hops.map((hop, index) => [hop, index]));
  return inOrder(hops).map((hop) => pathHopOf(hop, places.get(hop) ?? 0, flow));
}

/** The hops as the links lead from the first; what no link leads to comes last. */
export function inOrder<H extends Pick<ConnectivityHop, 'id' | 'nextHopIds'>>(hops: readonly H[]): readonly H[] {
  const byId = new Map(hops.map((hop) => [hop.id, hop]));
  const visited = new Set<H>();
  const waiting = hops.slice(0, 1);
  for (let hop = waiting.shift(); hop !== undefined; hop = waiting.shift()) {
    if (visited.has(hop)) continue;
    visited.add(hop);
    waiting.push(...hop.nextHopIds.flatMap((id) => byId.get(id) ?? []));
  }
  return [...visited, ...hops.filter((hop) => !visited.has(hop))];
}

function pathHopOf(hop: ConnectivityHop, index: number, flow: Flow): PathHop {
  const { inWords } = placeOf(hop, index, flow);
  const type = (hop.type ?? '').trim();
  const [resource, address] = [known(hop.resourceId), known(hop.address)];
  return {
    ...{ resource: resource && foldCase(resource), address, type: type.toLowerCase(), inWords },
    value: resource ?? address ?? (type === '' ? 'unknown' : type),
  };
}

/** Azure writes an empty text or the word `Unknown` where it has no resource, and `Internet` for what is in none. */
const known = (text = ''): string | undefined =>
  /^\s*(?:unknown|internet)?\s*$/i.test(text) ? undefined : text.trim();

/** Whether both are one place: the same resource or, where one of them has none, the same address, else the same kind. */
export function samePlace(one: PathHop, other: PathHop): boolean {
  if (one.resource !== undefined && other.resource !== undefined) return one.resource === other.resource;
  if (one.address !== undefined && other.address !== undefined) return one.address === other.address;
  return value(one) === undefined && value(other) === undefined && one.type === other.type;
}

const value = ({ resource, address }: PathHop): string | undefined => resource ?? address;
