import { resourceName } from '../verdict/words/resource-name.ts';
import { visible } from './visible.ts';

/** What an answer tells a check to go to, and how. */
export interface Asked {
  readonly port?: number | undefined;
  readonly protocol?: string | undefined;
}

/** `TCP port 1433`, `ping (ICMP)`; empty where nothing is said. */
export function wayInWords({ port, protocol = '' }: Asked): string {
  if (protocol === 'Icmp') return 'ping (ICMP)';
  return visible([protocol.toUpperCase(), port === undefined ? '' : `port ${port}`].filter(Boolean).join(' '));
}

/** A resource by its name; a URI without its query, which can carry a key. */
export const nameOf = (place: string): string =>
  visible(place.startsWith('/') ? resourceName(place) : withoutQuery(place));

export const withoutQuery = (address: string): string => address.replace(/[?#].*$/s, '');
