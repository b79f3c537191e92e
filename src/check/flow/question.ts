import type { ConnectivityParameters, Protocol } from '../../arm/connectivity-parameters.ts';
import { sameResource } from '../../arm/resource-id.ts';
import { uriEndpoint } from '../../arm/uri-endpoint.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';

/** Between what a check tests. */
export interface Pair {
  /** Resource id. */
  readonly source: string;
  readonly destination: { readonly resourceId?: string | undefined; readonly address?: string | undefined };
}

/** What two checks have in common whose results can be compared: all that is asked, but for how exactly it is probed. */
export interface Question extends Pair {
  readonly port?: number | undefined;
  readonly protocol?: Protocol | undefined;
}

/** What of a request its question is made of. */
export type Asked = Pick<ConnectivityParameters, 'source' | 'destination' | 'protocol'>;

/** A URI says its protocol and its port, also where the request does not. */
export function questionOf({ source, destination, protocol }: Asked): Question {
  const { resourceId, address } = destination;
  const uri = uriEndpoint(address);
  const port = destination.port === undefined || destination.port === 0 ? uri?.port : destination.port;
  return { source: source.resourceId, destination: { resourceId, address }, port, protocol: protocol ?? uri?.protocol };
}

export const isSameQuestion = ({ source, ...one }: Question, { source: theirs, ...other }: Question): boolean =>
  sameResource(source, theirs) &&
  sameResource(one.destination.resourceId ?? '', other.destination.resourceId ?? '') &&
  canonicalJson({ ...one, destination: one.destination.address }) ===
    canonicalJson({ ...other, destination: other.destination.address });
