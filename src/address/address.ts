import { domainToASCII } from 'node:url';
import ipaddr from 'ipaddr.js';
import { endsInNumber, hasOnlyLetters } from './host-letters.ts';
import { readUnclearIpv4 } from './unclear-ipv4.ts';

interface Ip {
  readonly kind: 'ip';
  readonly canonical: string;
}

interface Host {
  readonly kind: 'host';
  readonly canonical: string;
}

interface Uri {
  readonly kind: 'uri';
  /** Without user-info and fragment. An explicit port stays, even the scheme's default. */
  readonly canonical: string;
  readonly host: Ip | Host;
  readonly scheme: 'http' | 'https';
  /** As written in the URI; absent where the scheme's default holds. */
  readonly port?: number;
  /** The text carried a user name or password. */
  readonly userInfo: boolean;
}

/** A destination in its one spelling: `canonical` is what is matched, and what is sent to Azure. */
export type Address = Ip | Host | Uri;

const MAX_HOST = 253;
const MAX_URI = 2048;

// Invisible characters (`\p{C}`) would vanish on the way: the reader of an audit would see another name than was meant.
const invisible = /[\s\p{C}]/u;
// The same of a host, where the URL reader drops more of them.
const ignorable = /\p{Default_Ignorable_Code_Point}/u;
// Signs that a URL reader takes for structure or decodes; none belongs in a host name.
const structural = /[%/?#@:\\[\]]/;
const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
// A last label that starts with a digit is left out: no top-level domain does, and lenient resolvers read numbers there.
const hostName = new RegExp(`^(?:${label}|(?:${label}\\.)+(?=[a-z])${label})$`);
const ipv6 = /^(?=[^%]*:)(?<bare>[0-9a-f:.]+)(?:%[\w.~%-]{1,32})?$/i;
const uriStart = /^https?:\/\/(?<authority>[^/?#]+)/i;

/**
 * Reads an IPv4 address of four decimal numbers, an IPv6 address, a host name of letters that IDNA 2008 knows, or an
 * http(s) URI; `undefined` for all that is not clearly one of these. An IPv4-mapped IPv6 address is the IPv4 address.
 * `whyNoAddress` says why it is none.
 */
export function parseAddress(text: string): Address | undefined {
  if (text === '' || text.length > MAX_URI || invisible.test(text)) return undefined;
  return /^https?:/i.test(text) ? parseUri(text) : parseIpOrHost(text);
}

function parseIpOrHost(text: string): Ip | Host | undefined {
  const found = ipv6.exec(text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text);
  if (found?.groups) return parseIpv6(found.groups['bare'] ?? '');
  if (structural.test(text) || ignorable.test(text)) return undefined;
  // The WHATWG host parser folds case, IDN and full-width forms, reads numbers as IPv4, and answers '' where it cannot.
  const ascii = domainToASCII(text).replace(/\.$/, '');
  if (!ipaddr.IPv4.isValidFourPartDecimal(ascii))
    return isHostName(ascii) ? { kind: 'host', canonical: ascii } : undefined;
  return readUnclearIpv4(text) ? undefined : { kind: 'ip', canonical: ascii };
}

const isHostName = (ascii: string): boolean =>
  ascii.length <= MAX_HOST && hostName.test(ascii) && hasOnlyLetters(ascii) && !endsInNumber(ascii);

/** The zone is left behind: it names an interface of one machine, and no address that is tested has one. */
function parseIpv6(bare: string): Ip | undefined {
  const url = `http://[${bare}]`;
  if (!URL.canParse(url)) return undefined;
  // ipaddr.js alone takes octal parts, and reads ::1.2.3.4 as if it were ::ffff:1.2.3.4.
  return { kind: 'ip', canonical: ipaddr.process(new URL(url).hostname.slice(1, -1)).toString() };
}

function parseUri(text: string): Uri | undefined {
  const authority = uriStart.exec(text)?.groups?.['authority'];
  if (authority === undefined || text.includes('\\') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const host = parseIpOrHost(writtenHost(authority));
  const port = writtenPort(authority);
  if (!host || !isHostOf(url, host) || port === 0) return undefined;
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const canonical = `${scheme}://${inUri(host, port)}${url.pathname}${url.search}`;
  if (canonical.length > MAX_URI) return undefined;
  const userInfo = url.username + url.password !== '';
  return { kind: 'uri', canonical, host, scheme, ...(port === undefined ? {} : { port }), userInfo };
}

/** Read from the text, because the URL reader drops a port that is the scheme's default. */
function writtenPort(authority: string): number | undefined {
  const digits = /:(?<port>\d+)$/.exec(authority)?.groups?.['port'];
  return digits === undefined ? undefined : Number(digits);
}

/** Read from the text, because the URL reader drops invisible signs, and makes four numbers of any. */
const writtenHost = (authority: string): string =>
  decodeURIComponent(authority.replace(/^.*@/s, '').replace(/:\d*$/, ''));

/** Whether the URL reader found the same host. */
function isHostOf({ hostname }: URL, { canonical }: Ip | Host): boolean {
  const found = hostname.startsWith('[') ? parseIpv6(hostname.slice(1, -1))?.canonical : hostname.replace(/\.$/, '');
  return found === canonical;
}

function inUri({ canonical }: Ip | Host, port: number | undefined): string {
  const host = canonical.includes(':') ? `[${canonical}]` : canonical;
  return port === undefined ? host : `${host}:${port}`;
}
