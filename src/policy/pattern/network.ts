import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** A CIDR range. A single address is a range of one. */
export interface Network {
  readonly base: Ip;
  readonly bits: number;
}

/** Reads a CIDR range or a single address in its plain spelling; else a sentence that says what to write. */
export function parseNetwork(text: string): Network | string {
  const [address = '', bits, ...more] = text.split('/');
  if (isIP(address) === 0 || address.includes('%') || more.length > 0)
    return `"${text}" is no address and no CIDR range`;
  const base = ipaddr.parse(address);
  const longest = base.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return unmapped(base, longest);
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > longest) return `"${text}" needs a prefix length from 0 to ${longest}`;
  const network = firstAddress(base, Number(bits));
  if (network.toString() === base.toString()) return unmapped(base, Number(bits));
  return `"${text}" has bits set beyond its prefix: write ${network.toString()}/${Number(bits)} or a longer prefix`;
}

export function contains(network: Network, ip: Ip): boolean {
  const { base, bits } = network;
  if (base instanceof ipaddr.IPv4) return ip instanceof ipaddr.IPv4 && ip.match(base, bits);
  return ip instanceof ipaddr.IPv6 && ip.match(base, bits);
}

function firstAddress(base: Ip, bits: number): Ip {
  const cidr = `${base.toString()}/${bits}`;
  return base instanceof ipaddr.IPv4
    ? ipaddr.IPv4.networkAddressFromCIDR(cidr)
    : ipaddr.IPv6.networkAddressFromCIDR(cidr);
}

/** Requests name an IPv4-mapped address by its IPv4 address; so must a range of such, whose prefix is never under 96. */
function unmapped(base: Ip, bits: number): Network {
  if (base instanceof ipaddr.IPv4 || !base.isIPv4MappedAddress()) return { base, bits };
  return { base: base.toIPv4Address(), bits: bits - 96 };
}
