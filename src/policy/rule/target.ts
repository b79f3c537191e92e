import ipaddr from 'ipaddr.js';
import { type Address, parseAddress } from '../../address/address.ts';
import { embeddedAddresses } from '../../address/embedded-addresses.ts';
import {
  formatResourceId,
  parseResourceId,
  type ResourceId,
  type Segments,
  segmentsOf,
} from '../../arm/resource-id.ts';
import type { Side } from '../../contract/request/side.ts';
import type { Ip } from '../pattern/network.ts';

/** What is tested: a resource, or an address with all that it means. */
export type Target =
  | { readonly kind: 'resource'; readonly id: Segments }
  | {
      readonly kind: 'address';
      /** The address itself first, then those it embeds; empty for a name. */
      readonly ips: readonly Ip[];
      readonly host: string | undefined;
      readonly uri: string | undefined;
    };

/** A target, and the port that is tested on it where one is known. */
export interface TargetPort {
  readonly target: Target;
  readonly port: number | undefined;
}

/** A resource id or an address as a target; `undefined` where it is neither. */
export function targetOf(text: string): Target | undefined {
  const resource = parseResourceId(text);
  if (resource) return resourceTarget(resource);
  const address = parseAddress(text);
  return address && addressTarget(address);
}

/** Where a destination points to. */
export function targetPortsOf({ resource, address, port }: Side): readonly TargetPort[] {
  // Azure takes port 0 for "none given".
  const beside = port === 0 ? undefined : port;
  const reached = address && addressTarget(address);
  return [
    ...(resource ? [{ target: resourceTarget(resource), port: beside }] : []),
    ...(reached ? portsOf(address, beside).map((each) => ({ target: reached, port: each })) : []),
  ];
}

/** A URI whose port is not the one beside it is asked about twice: nobody promises which of them Azure takes. */
function portsOf(address: Address, beside: number | undefined): readonly (number | undefined)[] {
  if (address.kind !== 'uri') return [beside];
  const given = new Set([address.port, beside].filter((each) => each !== undefined));
  return given.size > 0 ? [...given] : [address.scheme === 'https' ? 443 : 80];
}

const resourceTarget = (resource: ResourceId): Target => ({
  kind: 'resource',
  id: segmentsOf(formatResourceId(resource)),
});

function addressTarget(address: Address): Target {
  const host = address.kind === 'uri' ? address.host : address;
  return {
    kind: 'address',
    ips: host.kind === 'ip' ? embeddedAddresses(host.canonical).map((each) => ipaddr.parse(each)) : [],
    host: host.kind === 'host' ? host.canonical : undefined,
    uri: address.kind === 'uri' ? address.canonical : undefined,
  };
}
