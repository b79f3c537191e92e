import type { ConnectivityHop } from '../arm/connectivity-information.ts';
import { plainText } from './plain-text.ts';

const MAX_ID = 600;
const MAX_NAME = 80;

/** A hop as a sentence names it (`Source 10.1.1.4, vm1`), and as a program does: resource id, address or id. */
export interface HopName {
  readonly inWords: string;
  readonly id: string | undefined;
}

export function hopName(hop: ConnectivityHop): HopName {
  const resourceId = known(hop.resourceId, MAX_ID);
  const address = known(hop.address, MAX_NAME);
  const resource = resourceId === undefined ? undefined : plainText(resourceName(resourceId), MAX_NAME);
  const names = [address, resource].filter((name) => name !== undefined && name !== '').join(', ');
  const type = known(hop.type, MAX_NAME) ?? 'hop';
  return {
    inWords: `${type} ${names || (known(hop.id, MAX_NAME) ?? 'without a name')}`,
    id: resourceId ?? address ?? known(hop.id, MAX_ID),
  };
}

// The machine or interface is what people know, not the IP configuration below it.
function resourceName(id: string): string {
  const segments = id.split('/').filter(Boolean);
  const provider = segments.findIndex((segment) => segment.toLowerCase() === 'providers');
  return segments[provider + 3] ?? id;
}

// Azure writes an empty text or the word `Unknown` where it has no resource.
function known(text: string | undefined, length: number): string | undefined {
  const plain = plainText(text ?? '', length);
  return plain === '' || plain.toLowerCase() === 'unknown' ? undefined : plain;
}
