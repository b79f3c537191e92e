import type { AskRequest } from './requests-of.ts';
import { isBareIpv6, isUri, shown } from './read-destination.ts';

/** What the words of a check were taken for, in a sentence that the first answer has. */
export const takenFor = ({ source, destination }: AskRequest): string =>
  `From ${placeInWords(source, 'source')} to ${placeInWords(destination, 'machine')}.`;

type Place = AskRequest['source'] | AskRequest['destination'];

function placeInWords(place: Place, machine: string): string {
  if ('endpoint' in place) return `the endpoint ${shown(place.endpoint)}`;
  if ('name' in place) return `the ${machine} ${shown(place.name)}`;
  if ('resourceId' in place) return `the resource ${shown(place.resourceId, Infinity)}`;
  return `the ${kindOf(place.address)} ${shown(place.address, Infinity)}`;
}

function kindOf(address: string): string {
  if (isUri(address)) return 'URI';
  return isBareIpv6(address) || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address) ? 'address' : 'host name';
}
