import ipaddr from 'ipaddr.js';
import { type Address, parseAddress } from '../../address/address.ts';
import type { NamedTarget } from '../../contract/request/named-target.ts';
import { embeddedAddresses } from '../../address/embedded-addresses.ts';
import { parseResourceId } from '../../arm/resource-id.ts';
import type { Ip } from '../pattern/network.ts';
import { type Segments, segmentsOf } from '../pattern/resource-pattern.ts';

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
  if (parseResourceId(text)) return { kind: 'resource', id: segmentsOf(text) };
  const address = parseAddress(text);
  return address && addressTarget(address);
}

/** Where a destination points to; nothing where any part of it cannot be read. */
export function targetPortsOf({ resourceId, address, port }: NamedTarget): readonly TargetPort[] {
  const texts = [resourceId, address].filter((text) => text !== undefined);
  const aims = texts.map((text) => {
    const target = targetOf(text);
    return target ? portsOf(text, port).map((each) => ({ target, port: each })) : [];
  });
  return aims.every((each) => each.length > 0) ? aims.flat() : [];
}

/** A URI whose port is not the one beside it is asked about twice: nobody promises which of them Azure takes. */
function portsOf(text: string, port: number | undefined): readonly (number | undefined)[] {
  // Azure takes port 0 for "none given".
  const beside = port === 0 ? undefined : port;
  const address = parseAddress(text);
  if (address?.kind !== 'uri') return [beside];
  const given = new Set([address.port, beside].filter((each) => each !== undefined));
  return given.size > 0 ? [...given] : [address.scheme === 'https' ? 443 : 80];
}

function addressTarget(address: Address): Target {
  const host = address.kind === 'uri' ? address.host : address;
  return {
    kind: 'address',
    ips: host.kind === 'ip' ? embeddedAddresses(host.canonical).map((each) => ipaddr.parse(each)) : [],
    host: host.kind === 'host' ? host.canonical : undefined,
    uri: address.kind === 'uri' ? address.canonical : undefined,
  };
}
