import { parseAddress } from '../../address/address.ts';
import { isHostCharacter } from '../../address/host-character.ts';
import { nameFirst } from '../../address/name-character.ts';
import { isServiceTag } from '../../address/service-tag.ts';
import { readUnclearIpv4 } from '../../address/unclear-ipv4.ts';
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
  const unclear = whyUnclear(text);
  if (unclear !== undefined) return fault(`"${text}" ${unclear}`);
  return text.includes('/') || parseAddress(text)?.kind === 'ip' ? network(text) : host(text);
}

function resource(text: string): TargetPattern {
  const matches = parseResourcePattern(text);
  if (matches) return { kind: 'resource', matches };
  return fault(
    `"${text}" can match no resource id: write /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}, with * within a segment or /** at the end`,
  );
}

function whyUnclear(text: string): string | undefined {
  const [address = '', ...bits] = text.split('/');
  const unclear = readUnclearIpv4(address);
  if (!unclear) return undefined;
  const readings = unclear.readings.map((reading) => [reading, ...bits].join('/')).join(' or ');
  if (unclear.padded)
    return `has a zero before a number, decimal to people and octal to programs: write ${readings || FOUR_NUMBERS}`;
  // Of a range the missing numbers are the last ones to some tools, of an address those before the last one.
  const told = readings === '' || bits.length > 0 ? 'is no whole IPv4 address' : `is read as ${readings} by some tools`;
  return `${told}: write ${FOUR_NUMBERS}`;
}

const FOUR_NUMBERS = 'four numbers from 0 to 255, in decimal';

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
