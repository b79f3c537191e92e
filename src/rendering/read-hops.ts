import type { ConnectivityHop } from '../arm/connectivity-information.ts';
import { resultIn } from '../arm/operation-body.ts';

/** What stands of a hop in a result; all else of Azure's text is left there. */
export type Hop = Pick<ConnectivityHop, 'type' | 'id' | 'address' | 'resourceId' | 'nextHopIds'>;

/** The hops of a result, which is Azure's and can be anything; what is no hop is left out. */
export function readHops(result: unknown): readonly Hop[] {
  const information = resultIn(result);
  return isObject(information) ? listIn(information['hops']).filter(isObject).map(hopOf) : [];
}

const hopOf = (hop: Readonly<Record<string, unknown>>): Hop => ({
  type: textOf(hop['type']),
  id: textOf(hop['id']),
  address: textOf(hop['address']),
  resourceId: textOf(hop['resourceId']),
  nextHopIds: listIn(hop['nextHopIds']).filter((each) => typeof each === 'string'),
});

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
