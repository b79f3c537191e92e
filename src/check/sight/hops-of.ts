import { type HopPlace, hopPlacesOf } from '../../arm/hop-places.ts';
import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';
import { isSourceHop } from '../../arm/is-source-hop.ts';

/** Where the path of Azure's answer leads, without the source's own places: what policy is asked about. */
export const hopsOf = (result: unknown, { source }: Pick<ConnectivityParameters, 'source'>): readonly HopPlace[] =>
  hopPlacesOf(result, (first) => isSourceHop(first, source.resourceId));
