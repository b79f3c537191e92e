import type { ConnectivityHop } from '../arm/connectivity-information.ts';
import { resultIn } from '../arm/operation-body.ts';
import { type Probes, probesOf } from '../verdict/words/probes.ts';
import type { RoundTrip } from '../verdict/words/round-trip.ts';

type Members = Readonly<Record<string, unknown>>;

/** What stands of a hop in a result; all else of Azure's text is left there. */
export interface Hop extends Pick<ConnectivityHop, 'type' | 'id' | 'address' | 'resourceId' | 'nextHopIds'> {
  readonly links: readonly Link[];
}

/** The way to a next hop. */
export interface Link {
  readonly nextHopId: string | undefined;
  readonly roundTrip: RoundTrip;
}

/** What Azure measured from end to end. */
export interface Measured {
  readonly roundTrip: RoundTrip;
  readonly probes: Probes;
}

/** The hops of a result, which is Azure's and can be anything; what is no hop is left out. */
export function readHops(result: unknown): readonly Hop[] {
  const information = resultIn(result);
  return isObject(information) ? listIn(information['hops']).filter(isObject).map(hopOf) : [];
}

const hopOf = (hop: Members): Hop => ({
  type: textOf(hop['type']),
  id: textOf(hop['id']),
  address: textOf(hop['address']),
  resourceId: textOf(hop['resourceId']),
  nextHopIds: listIn(hop['nextHopIds']).filter((each) => typeof each === 'string'),
  links: listIn(hop['links']).filter(isObject).map(linkOf),
});

const linkOf = ({ nextHopId, properties }: Members): Link => {
  const { roundTripTimeMin, roundTripTimeAvg, roundTripTimeMax } = isObject(properties) ? properties : {};
  return {
    nextHopId: textOf(nextHopId),
    roundTrip: {
      least: numberOf(roundTripTimeMin),
      average: numberOf(roundTripTimeAvg),
      most: numberOf(roundTripTimeMax),
    },
  };
};

/** As the verdict reads them; nothing of a result that is none. */
export function readMeasured(result: unknown): Measured | undefined {
  const information = resultIn(result);
  if (!isObject(information)) return undefined;
  const { minLatencyInMs, avgLatencyInMs, maxLatencyInMs, probesSent, probesFailed } = information;
  return {
    roundTrip: { least: numberOf(minLatencyInMs), average: numberOf(avgLatencyInMs), most: numberOf(maxLatencyInMs) },
    probes: probesOf({ probesSent: numberOf(probesSent), probesFailed: numberOf(probesFailed) }),
  };
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
