import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/address/address.ts';
import { isServiceTag } from '../../src/address/service-tag.ts';
import { whyNoAddress } from '../../src/address/why-no-address.ts';
import { dotted, fullWidth, octets, paddedOf, shortOf } from './spellings.ts';
import { numRuns } from '../support/run/num-runs.ts';

/** The sentence for a text that is none. */
function why(text: string): string {
  expect([text, parseAddress(text)]).toEqual([text, undefined]);
  return whyNoAddress(text, { port: 'destination.port' });
}

describe('a number with zeros in front', () => {
  it.each([
    ['10.0.0.010', '10.0.0.10 or 10.0.0.8'],
    ['010.001.002.004', '10.1.2.4 or 8.1.2.4'],
    ['012.0.0.1', '12.0.0.1 or 10.0.0.1'],
    ['192.168.1.086', '192.168.1.86'],
    ['08.8.8.8', '8.8.8.8'],
    ['10.0.0.00', '10.0.0.0'],
    ['0251.0376.0251.0376', '169.254.169.254'],
    ['017700000001', '127.0.0.1'],
    ['0x0a.010.1.1', '10.10.1.1 or 10.8.1.1'],
    ['::ffff:010.0.0.1', '10.0.0.1 or 8.0.0.1'],
    ['http://010.0.0.1/a?b', '10.0.0.1 or 8.0.0.1'],
    ['https://010.0.0.1:8443', '10.0.0.1 or 8.0.0.1'],
    ['http://%3010.0.0.1/', '10.0.0.1 or 8.0.0.1'],
    ['http://a@010。0.0.1./', '10.0.0.1 or 8.0.0.1'],
    ['０10.0.0.1', '10.0.0.1 or 8.0.0.1'],
  ])('makes %s ambiguous: %s', (text, readings) => {
    expect(why(text)).toBe(`Zeros before a number are decimal to people and octal to programs: write ${readings}.`);
  });

  it('is refused wherever it stands, in every way to write digits and dots, and what is told can be read', () => {
    const padded = octets.chain((ip) =>
      fc
        .tuple(
          fc.nat(3).chain((at) => paddedOf(ip[at] ?? 0).map((text) => ip.map((n, i) => (i === at ? text : String(n))))),
          fc.constantFrom('.', '。', '．'),
          fc.boolean(),
          fc.constantFrom('', '.'),
          fc.constantFrom('', 'http://', 'https://user@'),
        )
        .map(([parts, dot, wide, end, scheme]) => {
          const text = parts.join(dot) + end;
          return { ip, text: scheme + (wide ? fullWidth(text) : text) };
        }),
    );
    fc.assert(
      fc.property(padded, ({ ip, text }) => {
        const told = why(text);
        const readings = told.match(/\d+(?:\.\d+){3}/g) ?? [];
        expect([text, readings]).toEqual([text, expect.arrayContaining([dotted(ip)])]);
        for (const reading of readings) expect(parseAddress(reading)).toEqual({ kind: 'ip', canonical: reading });
      }),
      { numRuns: numRuns(5000) },
    );
  });

  it('can stand in a host name', () => {
    for (const text of ['web-01', '007.example.com', '010.0.0.1.example.com', '0x0a.example'])
      expect(parseAddress(text)).toEqual({ kind: 'host', canonical: text });
  });
});

describe('an IPv4 address that is not four decimal numbers', () => {
  it.each([
    ['10.1.2', '10.1.2', '10.1.0.2'],
    ['10.1.2.', '10.1.2.', '10.1.0.2'],
    ['167772161', '167772161', '10.0.0.1'],
    ['443', '443', '0.0.1.187'],
    ['0', '0', '0.0.0.0'],
    ['0x7f.1', '0x7f.1', '127.0.0.1'],
    ['0x7f.0.0.1', '0x7f.0.0.1', '127.0.0.1'],
    ['0x.1', '0x.1', '0.0.0.1'],
    ['１０.1', '１０.1', '10.0.0.1'],
    ['http://167772161/', '167772161', '10.0.0.1'],
    ['https://user@0xA9FEA9FE:8443/a?b', '0xA9FEA9FE', '169.254.169.254'],
    ['http://%31%30.1/', '10.1', '10.0.0.1'],
    ['10.1.2:443', '10.1.2', '10.1.0.2'],
  ])('%s is told as what some tools read', (text, written, reading) => {
    expect(why(text)).toBe(`Some tools read ${written} as ${reading}: write all four numbers, in decimal.`);
  });

  it('is refused however it is written, alone and as the host of a URI, and the reading is told', () => {
    const short = octets.chain((ip) =>
      fc
        .tuple(shortOf(ip), fc.constantFrom('', 'http://', 'https://user@'))
        .map(([text, scheme]) => ({ ip, text: scheme + text })),
    );
    fc.assert(
      fc.property(short, ({ ip, text }) => {
        expect(why(text)).toMatch(new RegExp(`^Some tools read .* as ${dotted(ip)}: write all four numbers`));
      }),
      { numRuns: numRuns(5000) },
    );
  });

  it.each(['256.1.1.1', '0x1ffffffff', '1.2.3.4.5', '0x1.256.1.1'])('has no reading as %s', (text) => {
    expect(why(text)).toBe('An IPv4 address has four numbers from 0 to 255.');
  });

  it('can stand in a host name', () => {
    for (const text of ['167772161.example.com', '0x7f.1.example'])
      expect(parseAddress(text)).toEqual({ kind: 'host', canonical: text });
  });
});

describe('a host name', () => {
  it.each([
    ['“db.contoso.com”', 'No host name has “ (U+201C, left double quotation mark) at position 1: take it out.'],
    ['‘db.contoso.com’', 'No host name has ‘ (U+2018, left single quotation mark) at position 1: take it out.'],
    ['db‐prod.contoso.com', 'No host name has ‐ (U+2010, hyphen) at position 3: write a plain hyphen (-).'],
    ['db–prod.contoso.com', 'No host name has – (U+2013, en dash) at position 3: write a plain hyphen (-).'],
    ['db−prod.contoso.com', 'No host name has − (U+2212, minus sign) at position 3: write a plain hyphen (-).'],
    ['http://db—prod/', 'No host name has — (U+2014, em dash) at position 3: write a plain hyphen (-).'],
    ['i❤.example', 'No host name has ❤ (U+2764) at position 2: take it out.'],
    ['a·b.example', 'No host name has · (U+00B7) at position 2: take it out.'],
    ['db.contoso.com;', 'No host name has ; (U+003B) at position 15: take it out.'],
    ['db️.contoso.com', 'No host name has U+FE0F at position 3: take it out.'],
    ['xn--dbprod-cg0c.contoso.com', 'No host name has ‐ (U+2010, hyphen), which the part with xn-- stands for.'],
    [
      'db.contoso.com/x',
      'No host name has / (U+002F) at position 15: give the name alone, or a URI that begins with http:// or https://.',
    ],
    ...(
      [
        ['db.contoso.com\u00a0', 'U+00A0 (no-break space) at position 15'],
        [' db.contoso.com', 'U+0020 (space) at position 1'],
        ['d\u200bb.contoso.com', 'U+200B (zero-width space) at position 2'],
        ['db.\u202econtoso.com', 'U+202E (right-to-left override) at position 4'],
        ['😀 b', 'U+0020 (space) at position 2'],
      ] as const
    ).map(([text, place]): [string, string] => [
      text,
      `An address has no blanks and no invisible characters: take out ${place}.`,
    ]),
  ])('%j is refused by naming the character', (text, message) => {
    expect(why(text)).toBe(message);
  });

  it('has no other sign than those that IDNA 2008 allows, wherever it stands, and the sign is named', () => {
    const signs = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 1 })
      .filter((sign) => /[^\p{L}\p{M}\p{N}.:_-]/u.test(sign) && !/^[\p{L}\p{N}.-]+$/u.test(sign.normalize('NFKC')));
    const common = fc.constantFrom(
      ...Array.from('“”„‘’«»‐‑‒–—―−…•©€😀!"#$%&\'()+;<=>?@[]^`{|}~\u00a0\u2009\u200b\u202e\ufeff'),
    );
    fc.assert(
      fc.property(fc.oneof(signs, common), fc.nat(6), (sign, at) => {
        const text = 'dbprod.example.com'.slice(0, at) + sign + 'dbprod.example.com'.slice(at);
        const told = why(text);
        const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
        expect([told, told.includes(code), told.includes(` at position ${at + 1}`)]).toEqual([told, true, true]);
        if (domainToASCII(text).includes('xn--')) expect(parseAddress(domainToASCII(text))).toBeUndefined();
      }),
      { numRuns: numRuns(3000) },
    );
  });

  it.each([
    ['١٠.٠.٠.٤', '10.0.0.4'],
    ['۱۰.۱.۲.۴', '10.1.2.4'],
    ['१०.१.२.४', '10.1.2.4'],
    ['http://١٠.٠.٠.٤/a', '10.0.0.4'],
  ])('is not what %s is, an address in digits of another script', (text, address) => {
    expect(why(text)).toBe(`An address is written with the digits 0 to 9: write ${address}.`);
  });

  it.each([
    'bücher.example',
    'faß.example',
    '日本・東京.example',
    'l·l.example',
    'שלום.example',
    'नमस्ते.example',
    'ΠΣ.example',
  ])('%s is one in any script', (text) => {
    const address = parseAddress(text);
    expect(address?.kind).toBe('host');
    expect(parseAddress(address?.canonical ?? '')).toEqual(address);
  });
});

describe('what belongs elsewhere', () => {
  const port = (host: string, number: number): string =>
    `An address has no port: give "${host}" alone, and put the port ${number} into destination.port.`;

  it.each([
    ['10.0.0.4:443', port('10.0.0.4', 443)],
    ['[2001:db8::1]:443', port('[2001:db8::1]', 443)],
    ['db:443', port('db', 443)],
    ['db.contoso.com:1433', port('db.contoso.com', 1433)],
    ['db.contoso.com,1433', port('db.contoso.com', 1433)],
    ['db.contoso.com 1433', port('db.contoso.com', 1433)],
    ['10.0.0.4\u00a0 443', port('10.0.0.4', 443)],
    ['10.0.0.4;443', port('10.0.0.4', 443)],
    ['db.contoso.com|1433', port('db.contoso.com', 1433)],
    ['tcp:srv.database.windows.net,1433', port('srv.database.windows.net', 1433)],
    ['tcp:srv.database.windows.net', 'An address has no protocol in front: give "srv.database.windows.net" alone.'],
    ['10.0.0.0/24', 'This is a range, and a check goes to one address: give one address of it.'],
    ['2001:db8::/32', 'This is a range, and a check goes to one address: give one address of it.'],
    ['10.0.0.4-10.0.0.9', 'This is a range, and a check goes to one address: give one address of it.'],
    ['*.blob.core.windows.net', 'A star stands for many hosts, and a check goes to one: give its whole name.'],
    [
      'sftp://db.contoso.com:22/',
      'Of URIs only http and https can be tested: give the host name alone, and put the port into destination.port.',
    ],
    [
      '<http://db.contoso.com|db.contoso.com>',
      'This is a link, as chat clients write it: give "db.contoso.com" alone.',
    ],
    ['<http://db.contoso.com>', 'This is a link, as chat clients write it: give "http://db.contoso.com" alone.'],
    ['<mailto:a@contoso.com|a@contoso.com>', 'This is a link, as chat clients write it: give the host name alone.'],
    [
      '[db.contoso.com](http://db.contoso.com)',
      'This is a link, as chat clients write it: give "db.contoso.com" alone.',
    ],
  ])('%s is told to', (text, message) => {
    expect(why(text)).toBe(message);
  });

  it.each([
    ...['AzureCloud', 'azurecloud', 'AzureCloud.', 'AzureCloud.WestEurope', 'Storage.WestEurope', 'storage.eastus2'],
    ...['Sql.SwedenCentral', 'Internet', 'VirtualNetwork', 'AZURELOADBALANCER', 'AzureFrontDoor.Backend', 'Storage'],
    ...['Sql', 'Storage.USGovVirginia', 'EventHub'],
  ])('%s is a service tag', (text) => {
    expect(isServiceTag(text)).toBe(true);
  });

  it.each([
    ...['sql', 'storage', 'eventhub', 'sql-01', 'azuredatabricks.net', 'sql.contoso', 'storage.example.com', 'azure'],
    ...['Sql.contoso.com', 'sql.northwind', ''],
  ])('%s is none', (text) => {
    expect(isServiceTag(text)).toBe(false);
  });
});

it('every text that is no address is told why, in one sentence', () => {
  const pieces = fc.constantFrom(
    ...Array.from('0189.:/[]@-_*,<>|%?#“–\u00a0\u200b日é'),
    'http://',
    'tcp:',
    'xn--',
    '010',
    '/24',
    'db',
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 8 }).map((each) => each.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, (each) => {
      if (parseAddress(each)) return;
      expect(whyNoAddress(each)).toMatch(/^[A-Z“][^\n]*\.$/u);
    }),
    { numRuns: numRuns(10_000) },
  );
});
