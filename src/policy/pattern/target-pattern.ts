import { parseAddress } from '../../address/address.ts';
import { isHostCharacter } from '../../address/host-letters.ts';
import { nameFirst } from '../../address/name-character.ts';
import { hasPaddedNumber, paddedReadings } from '../../address/padded-numbers.ts';
import { isServiceTag } from '../../address/service-tag.ts';
import { type HostPattern, parseHostPattern } from './host-pattern.ts';
import { type Network, parseNetwork } from './network.ts';
import { parseResourcePattern, type ResourcePattern } from './resource-pattern.ts';

/** One entry of a rule's `sources` or `destinations`. */
export type TargetPattern =
  | { readonly kind: 'anything' }
  | { readonly kind: 'endpoint'; readonly name: string }
  | { readonly kind: 'resource'; readonly matches: ResourcePattern }
  | { readonly kind: 'network'; readonly network: Network }
  | { readonly kind: 'host'; readonly matches: HostPattern }
  | { readonly kind: 'fault'; readonly message: string };

/** Reads an entry; a fault says what to write instead. */
export function parseTargetPattern(text: string): TargetPattern {
  if (text === '**') return { kind: 'anything' };
  if (text.startsWith('endpoint:')) return { kind: 'endpoint', name: text.slice('endpoint:'.length) };
  if (text.startsWith('/')) return resource(text);
  if (/^[a-z]+:\/\//i.test(text)) return fault(`"${text}" is a URI: write its host name here and its port in ports`);
  if (isServiceTag(text)) return fault(`"${text}" is a service tag: write the ranges or host names that are meant`);
  if (hasPaddedNumber(text.replace(/\/.*/s, ''))) return padded(text);
  return text.includes('/') || parseAddress(text)?.kind === 'ip' ? network(text) : host(text);
}

function resource(text: string): TargetPattern {
  const matches = parseResourcePattern(text);
  if (matches) return { kind: 'resource', matches };
  return fault(
    `"${text}" can match no resource id: write /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}, with * within a segment or /** at the end`,
  );
}

function padded(text: string): TargetPattern {
  const [address = '', ...bits] = text.split('/');
  const readings = paddedReadings(address).map((reading) => [reading, ...bits].join('/'));
  const instead = readings.length > 0 ? readings.join(' or ') : 'four numbers from 0 to 255';
  return fault(`"${text}" has a zero before a number, decimal to people and octal to programs: write ${instead}`);
}

function network(text: string): TargetPattern {
  const parsed = parseNetwork(text);
  return typeof parsed === 'string' ? fault(parsed) : { kind: 'network', network: parsed };
}

function host(text: string): TargetPattern {
  const matches = parseHostPattern(text);
  if (matches) return { kind: 'host', matches };
  const strange = /[:/]/.test(text) ? undefined : nameFirst(text, (each) => each !== '*' && !isHostCharacter(each));
  if (strange !== undefined) return fault(`"${text}" has ${strange}, and no host name has: take it out`);
  return fault(
    `"${text}" is no address, CIDR range, host pattern, resource id pattern or endpoint:name; ** or leaving the member out matches anything`,
  );
}

const fault = (message: string): TargetPattern => ({ kind: 'fault', message });
