import { parseAddress } from '../../address/address.ts';
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
  return text.includes('/') || parseAddress(text)?.kind === 'ip' ? network(text) : host(text);
}

function resource(text: string): TargetPattern {
  const matches = parseResourcePattern(text);
  if (matches) return { kind: 'resource', matches };
  return fault(
    `"${text}" can match no resource id: write /subscriptions/{id}/resourceGroups/{group}/providers/{namespace}/{type}/{name}, with * within a segment or /** at the end`,
  );
}

function network(text: string): TargetPattern {
  const parsed = parseNetwork(text);
  return typeof parsed === 'string' ? fault(parsed) : { kind: 'network', network: parsed };
}

function host(text: string): TargetPattern {
  const matches = parseHostPattern(text);
  if (matches) return { kind: 'host', matches };
  return fault(
    `"${text}" is no address, CIDR range, host pattern, resource id pattern or endpoint:name; ** or leaving the member out matches anything`,
  );
}

const fault = (message: string): TargetPattern => ({ kind: 'fault', message });
