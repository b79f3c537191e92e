import type { ConnectivityParameters, Protocol } from '../../arm/connectivity-parameters.ts';
import { formatResourceId, type Segments, segmentsOf } from '../../arm/resource-id.ts';
import { readSide } from '../../contract/request/side.ts';
import type { Sides } from '../../contract/request/sides.ts';
import { type TargetPort, targetPortsOf } from './target.ts';

/** What a check tests: from where, to what, how. Rules and limits look at this, so that its texts are read once. */
export interface Flow {
  readonly source: Segments;
  /** Each must be allowed. None where a part of the request cannot be read: then no rule allows it. */
  readonly targets: readonly TargetPort[];
  readonly protocol: Protocol | undefined;
}

export function flowOf({ source, destination, protocol }: Sides & { readonly protocol?: Protocol | undefined }): Flow {
  if (!source.resource) return unreadable;
  const from = segmentsOf(formatResourceId(source.resource));
  return { source: from, targets: targetPortsOf(destination), protocol };
}

/** The flow of a check that was kept. */
export function readFlow({ source, destination, protocol }: ConnectivityParameters): Flow {
  const [from, to] = [readSide(source), readSide(destination)];
  return from && to ? flowOf({ source: from, destination: to, protocol }) : unreadable;
}

const unreadable: Flow = { source: [], targets: [], protocol: undefined };
