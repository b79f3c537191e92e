import ipaddr from 'ipaddr.js';

// Each pattern reads the 32 hexadecimal digits of an IPv6 address; its groups are the digits of the IPv4 address within.
const embeddings = [
  /^0{24}(.{8})$/, // IPv4-compatible, ::/96 (RFC 4291)
  /^0{20}ffff(.{8})$/, // IPv4-mapped, ::ffff:0:0/96 (RFC 4291)
  /^0{16}ffff0000(.{8})$/, // IPv4-translated, ::ffff:0:0:0/96 (RFC 2765)
  /^0064ff9b0{16}(.{8})$/, // NAT64, 64:ff9b::/96 (RFC 6052)
  /^2002(.{8})/, // 6to4, 2002::/16 (RFC 3056)
  /^20010000(.{8})/, // Teredo's server, 2001::/32 (RFC 4380)
  /^.{16}0[0-3]005efe(.{8})$/, // ISATAP (RFC 5214)
];
const teredoClient = /^20010000.{16}(.{8})$/;
// The local NAT64 prefix 64:ff9b:1::/48 (RFC 8215) does not say which of RFC 6052's layouts it is used with.
const localNat64 = [
  /^0064ff9b0001(.{4})..(.{4})/,
  /^0064ff9b0001..(..)..(.{6})/,
  /^0064ff9b0001.{6}(.{8})/,
  /^0064ff9b0001.{12}(.{8})$/,
];

/**
 * Every IP address that a canonical one leads to: itself first, then the IPv4 addresses that an IPv6 address embeds, the
 * one that packets go to before any other.
 */
export function embeddedAddresses(canonical: string): readonly string[] {
  const ip = ipaddr.parse(canonical);
  if (!(ip instanceof ipaddr.IPv6)) return [canonical];
  const digits = ip.parts.map((part) => part.toString(16).padStart(4, '0')).join('');
  const client = read(digits, [teredoClient]).map(inverted);
  const embedded = [...client, ...read(digits, embeddings), ...readLocalNat64(digits)];
  return [canonical, ...new Set(embedded.map(dotted))];
}

/** A layout that is not in use reads mostly zeros: such readings count only where there is no other. */
function readLocalNat64(digits: string): readonly string[] {
  const all = read(digits, localNat64);
  const likely = all.filter((hex) => !hex.startsWith('00'));
  return likely.length > 0 ? likely : all;
}

function read(digits: string, patterns: readonly RegExp[]): readonly string[] {
  return patterns.flatMap((pattern) => {
    const found = pattern.exec(digits);
    return found ? [found.slice(1).join('')] : [];
  });
}

/** Teredo stores the client's address with every bit turned. */
const inverted = (hex: string): string => (~parseInt(hex, 16) >>> 0).toString(16).padStart(8, '0');

const dotted = (hex: string): string => (hex.match(/../g) ?? []).map((byte) => parseInt(byte, 16)).join('.');
