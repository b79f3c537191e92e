import fc from 'fast-check';

export type Octets = readonly [number, number, number, number];

const byte = fc.nat(255);
export const octets: fc.Arbitrary<Octets> = fc.tuple(byte, byte, byte, byte);

export const dotted = (ip: Octets): string => ip.join('.');

const hex = (...bytes: readonly number[]): string => bytes.map((each) => each.toString(16).padStart(2, '0')).join('');
const groups = (digits: string): string => (digits.match(/.{4}/g) ?? []).join(':');

/** IPv6 addresses that stand for an IPv4 address, each with the form's name. */
export const embeddings: readonly { name: string; of: (ip: Octets) => string }[] = [
  { name: 'compatible', of: (ip) => `::${groups(hex(...ip))}` },
  { name: 'translated', of: (ip) => `::ffff:0:${groups(hex(...ip))}` },
  { name: 'NAT64', of: (ip) => `64:ff9b::${groups(hex(...ip))}` },
  { name: 'local NAT64 /48', of: ([a, b, c, d]) => groups(`0064ff9b0001${hex(a, b, 0, c, d)}${'0'.repeat(10)}`) },
  { name: 'local NAT64 /56', of: ([a, b, c, d]) => groups(`0064ff9b000100${hex(a, 0, b, c, d)}${'0'.repeat(8)}`) },
  { name: 'local NAT64 /64', of: (ip) => groups(`0064ff9b0001000000${hex(...ip)}000000`) },
  { name: 'local NAT64 /96', of: (ip) => `64:ff9b:1::${groups(hex(...ip))}` },
  { name: '6to4', of: (ip) => `2002:${groups(hex(...ip))}::1` },
  { name: 'Teredo client', of: (ip) => `2001:0:5bc0:1::${groups(hex(...ip.map((each) => 255 - each)))}` },
  { name: 'Teredo server', of: (ip) => `2001:0:${groups(hex(...ip))}::5bc0:1` },
  { name: 'ISATAP', of: (ip) => `2001:db8::5efe:${groups(hex(...ip))}` },
  { name: 'ISATAP, unique', of: (ip) => `2001:db8::200:5efe:${groups(hex(...ip))}` },
];

const bases: readonly ((value: number) => string)[] = [
  (value) => String(value),
  (value) => `0x${value.toString(16)}`,
  (value) => `0X000${value.toString(16).toUpperCase()}`,
];
export const fullWidth = (text: string): string =>
  text.replace(/[0-9a-z]/gi, (sign) => String.fromCodePoint(0xfee0 + (sign.codePointAt(0) ?? 0)));

/** A number with zeros in front, as some read it: decimal to people, octal to programs. */
export const paddedOf = (value: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(value.toString(), value.toString(8)), fc.constantFrom('0', '00', '000'))
    .map(([digits, zeros]) => zeros + digits);

const dots = fc.constantFrom('.', '.', '.', '。', '．');
const written = (parts: readonly string[], dot: string, end: string, wide: boolean): string =>
  (wide ? fullWidth(parts.join(dot)) : parts.join(dot)) + end;

/** Ways to write an IPv4 address that everybody reads as that address. */
export function spellingOf(ip: Octets): fc.Arbitrary<string> {
  const decimal = fc
    .tuple(dots, fc.constantFrom('', '.'), fc.boolean())
    .map(([dot, end, wide]) => written(ip.map(String), dot, end, wide));
  const mapped = [`::ffff:${dotted(ip)}`, `[::FFFF:${dotted(ip)}]`, `0:0:0:0:0:ffff:${groups(hex(...ip))}%eth0`];
  return fc.oneof(decimal, fc.constantFrom(...mapped));
}

/** Ways to write it that only programs read: short, as one number, in hexadecimal. */
export function shortOf(ip: Octets): fc.Arbitrary<string> {
  const number = (part: number): fc.Arbitrary<string> => fc.constantFrom(...bases).map((base) => base(part));
  const [a, b, c, d] = ip;
  const forms = [
    [a, b, c, d],
    [a, b, c * 256 + d],
    [a, (b * 256 + c) * 256 + d],
    [((a * 256 + b) * 256 + c) * 256 + d],
  ];
  const parts = fc.constantFrom(...forms).chain((form) => fc.tuple(...form.map(number)));
  return fc
    .tuple(parts, dots, fc.constantFrom('', '.'), fc.boolean())
    .filter(([texts]) => texts.length < 4 || texts.some((text) => /x/i.test(text)))
    .map(([texts, dot, end, wide]) => written(texts, dot, end, wide));
}

/** The same as hosts of URIs, with what is written around a host. */
export function uriOf(host: string): fc.Arbitrary<string> {
  const authority = host.includes(':') ? `[${host.replace(/%.*|[[\]]/g, '')}]` : host;
  return fc
    .tuple(
      fc.constantFrom('http', 'https', 'HTTPS'),
      fc.constantFrom('', 'user@', 'a:b@', '169.254.169.254@'),
      fc.constantFrom('', ':8443', ':00443'),
      fc.constantFrom('', '/', '/a/../b?c=d#e'),
    )
    .map(([scheme, user, port, path]) => `${scheme}://${user}${authority}${port}${path}`);
}
