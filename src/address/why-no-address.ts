import { domainToASCII, domainToUnicode } from 'node:url';
import { parseAddress } from './address.ts';
import { isHostCharacter } from './host-character.ts';
import { withPlainDigits } from './host-letters.ts';
import { nameFirst } from './name-character.ts';
import { readUnclearIpv4 } from './unclear-ipv4.ts';

/** What the caller calls the place of a port; absent where there is none. */
interface Places {
  readonly port?: string;
}

/** `undefined` where the text has another fault. */
type Explain = (text: string, places: Places) => string | undefined;

const general = 'Give an IPv4 or IPv6 address, a host name, or an http or https URI.';
const tooLong = 'Give a URI of at most 2,048 characters, escapes included, or a host name of at most 253.';

/** Why `parseAddress` reads no address in the text, and what to write instead, in a sentence. */
export function whyNoAddress(text: string, places: Places = {}): string {
  return firstOf([link, portBehindBlank, blank, long, uri, otherScheme, ...hostFaults], text, places) ?? general;
}

/** The same of a text that can only be a host. */
const whyNoHost: Explain = (text, places) => firstOf(hostFaults, text, places);

function firstOf(explains: readonly Explain[], text: string, places: Places): string | undefined {
  for (const explain of explains) {
    const why = explain(text, places);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** Chat clients make links of names: `<http://db.contoso.com|db.contoso.com>`, `[db.contoso.com](http://db.contoso.com)`. */
const link: Explain = (text) => {
  const found = /^<(?<target>[^|<>]+)(?:\|(?<shown>[^<>]*))?>$|^\[(?<word>[^\]]+)\]\([^()]*\)$/.exec(text)?.groups;
  if (!found) return undefined;
  const meant = found['shown'] ?? found['word'] ?? found['target'] ?? '';
  const given = parseAddress(meant) ? `${JSON.stringify(meant)} alone` : 'the host name alone';
  return `This is a link, as chat clients write it: give ${given}.`;
};

/** `db.contoso.com 1433`: without the blank it would be another host. */
const portBehindBlank: Explain = (text, places) =>
  /^\S+\s+\d{1,5}$/.test(text) ? hostAndPort(text.replace(/\s+/, ','), places) : undefined;

const blank: Explain = (text) => {
  const place = nameFirst(text, (character) => /[\s\p{C}]/u.test(character));
  return place && `An address has no blanks and no invisible characters: take out ${place}.`;
};

const long: Explain = (text) => (text.length > 2048 ? tooLong : undefined);

const uri: Explain = (text, places) => {
  if (!/^https?:/i.test(text)) return undefined;
  const authority = /^https?:\/\/(?<authority>[^/?#]+)/i.exec(text)?.groups?.['authority'];
  if (authority === undefined) return 'Write // and a host name after http: or https:.';
  if (text.includes('\\')) return 'A URI has no backslash: write / instead.';
  const [, host = '', port] = /^(?:.*@)?(.*?)(?::(\d*))?$/s.exec(authority) ?? [];
  return whyNoPort(Number(port)) ?? whyNoHost(unescaped(host), places) ?? (URL.canParse(text) ? tooLong : undefined);
};

const whyNoPort = (port: number): string | undefined =>
  port === 0 || port > 65_535 ? 'The port in a URI is 1–65535.' : undefined;

const otherScheme: Explain = (text, { port }) =>
  /^[a-z][a-z\d+.-]*:\/\//i.test(text)
    ? `Of URIs only http and https can be tested: give the host name alone${port === undefined ? '' : `, and put the port into ${port}`}.`
    : undefined;

const wildcard: Explain = (text) =>
  text.includes('*') ? 'A star stands for many hosts, and a check goes to one: give its whole name.' : undefined;

/** `10.0.0.0/24`, `10.0.0.4-10.0.0.9` */
const range: Explain = (text) =>
  /^[^/]+\/\d{1,3}$/.test(text) || /^\d+(?:\.\d+){3}-[\d.]+$/.test(text)
    ? 'This is a range, and a check goes to one address: give one address of it.'
    : undefined;

/** `db.contoso.com:443`, `db.contoso.com,1433` or with another sign between, `tcp:db.contoso.com,1433`, as connection strings have it. */
const hostAndPort: Explain = (text, { port: place }) => {
  const { host, port } =
    /^(?:[a-z]{2,8}:(?!\d+$))?(?<host>\[.+\]|[^:,;|[\]]+?)(?:[:,;|](?<port>\d{1,5}))?$/i.exec(text)?.groups ?? {};
  if (host === undefined || host === text) return undefined;
  if (parseAddress(host) === undefined) return unclearIpv4(host, {});
  const instead = `give ${JSON.stringify(host)} alone`;
  if (port === undefined) return `An address has no protocol in front: ${instead}.`;
  return place === undefined
    ? `An address has no port: ${instead}.`
    : `An address has no port: ${instead}, and put the port ${port} into ${place}.`;
};

const unclearIpv4: Explain = (text) => {
  const written = text.replace(/^\[?::ffff:(.*?)\]?$/i, '$1');
  const unclear = readUnclearIpv4(written);
  if (!unclear || unclear.readings.length === 0) return undefined;
  const readings = unclear.readings.join(' or ');
  return unclear.padded
    ? `Zeros before a number are decimal to people and octal to programs: write ${readings}.`
    : `Some tools read ${written} as ${readings}: write all four numbers, in decimal.`;
};

/** `١٠.٠.٠.٤` reads as an address, and would be a name. */
const otherDigits: Explain = (text) => {
  const plain = withPlainDigits(text);
  return plain !== text && parseAddress(plain)?.kind === 'ip'
    ? `An address is written with the digits 0 to 9: write ${plain}.`
    : undefined;
};

const strange: Explain = (text) => {
  if (/^\[?[\da-f:.]*:[\da-f:.]*(?:%.*)?\]?$/i.test(text)) return undefined;
  const character = Array.from(text).find((each) => !isHostCharacter(each));
  if (character !== undefined)
    return `No host name has ${nameFirst(text, (each) => each === character) ?? ''}: ${remedyOf(character)}.`;
  const behind = nameFirst(domainToUnicode(domainToASCII(text)), (each) => !isHostCharacter(each));
  return behind && `No host name has ${behind.replace(/ at .*/, '')}, which the part with xn-- stands for.`;
};

function remedyOf(character: string): string {
  if (/[\p{Dash}]/u.test(character)) return 'write a plain hyphen (-)';
  return character === '/' ? 'give the name alone, or a URI that begins with http:// or https://' : 'take it out';
}

const shape: Explain = (text) => {
  if (text === '') return undefined;
  if (text.includes(':'))
    return 'This is no IPv6 address: it has up to eight groups of hexadecimal digits, and :: once.';
  if (/^[\da-fx.]*$/i.test(text) && /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i.test(text))
    return 'An IPv4 address has four numbers from 0 to 255.';
  const labels = text.replace(/\.$/, '').split('.');
  if (labels.includes(''))
    return 'A host name begins with no dot, and has no two dots in a row: write it without them.';
  if (labels.some((label) => /^-|-$/.test(label))) return 'No part of a host name begins or ends with a hyphen.';
  if (domainToASCII(text).length > 253 || labels.some((label) => domainToASCII(label).length > 63))
    return 'A host name has at most 253 characters, and 63 between two dots.';
  return /^\p{Nd}/u.test(labels.at(-1) ?? '') ? 'The last part of a host name begins with a letter.' : undefined;
};

const hostFaults: readonly Explain[] = [wildcard, range, hostAndPort, unclearIpv4, otherDigits, strange, shape];

function unescaped(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch (error) {
    if (error instanceof URIError) return host;
    throw error;
  }
}
