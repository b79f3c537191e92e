import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/address/address.ts';
import { embeddedAddresses } from '../../src/address/embedded-addresses.ts';
import { dotted, embeddings, octets, spellingOf, uriOf } from './spellings.ts';
import { numRuns, ofRuns } from '../support/run/num-runs.ts';

const label = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/);
const hostLike = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const ipv6 = fc.ipV6();
const anyText = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.stringMatching(/^[0-9a-fx.:[\]%/@]{1,24}$/),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.webUrl({ authoritySettings: { withUserInfo: true, withPort: true, withIPv4Extended: true, withIPv6: true } }),
  hostLike,
  fc.ipV4Extended(),
  ipv6,
);

describe('parseAddress', () => {
  it('reads an IPv4 address of four decimal numbers, whatever the digits and dots, as the one address', () => {
    fc.assert(
      fc.property(
        octets.chain((ip) => spellingOf(ip).map((text) => ({ ip, text }))),
        ({ ip, text }) => {
          expect(parseAddress(text)).toEqual({ kind: 'ip', canonical: dotted(ip) });
        },
      ),
      { numRuns: numRuns(20_000) },
    );
  });

  it('finds the host of a URI behind user-info, port, path and spelling', () => {
    fc.assert(
      fc.property(
        octets.chain((ip) => spellingOf(ip).chain((text) => uriOf(text).map((uri) => ({ ip, uri })))),
        ({ ip, uri }) => {
          const address = parseAddress(uri);
          expect(address).toMatchObject({ kind: 'uri', host: { kind: 'ip', canonical: dotted(ip) } });
          expect(address).toHaveProperty('userInfo', uri.includes('@'));
          expect(address?.canonical).not.toMatch(/[@#]/);
        },
      ),
      { numRuns: numRuns(10_000) },
    );
  });

  it('reads a canonical address as itself', () => {
    let read = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const address = parseAddress(text);
        if (!address) return;
        read += 1;
        const again = parseAddress(address.canonical);
        expect(again).toEqual(address.kind === 'uri' ? { ...address, userInfo: false } : address);
      }),
      { numRuns: numRuns(30_000) },
    );
    expect(read).toBeGreaterThan(ofRuns(10_000));
  });

  it('answers only with plain text that has no structure of its own', () => {
    const plain = {
      ip: /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]+)$/,
      host: /^(?!\d+$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/,
      uri: /^https?:\/\/[a-z0-9_.:[\]-]+\/[!-~]*$/,
    };
    fc.assert(
      fc.property(anyText, (text) => {
        const address = parseAddress(text);
        if (address) expect(address.canonical).toMatch(plain[address.kind]);
      }),
      { numRuns: numRuns(20_000) },
    );
  });

  it('reads an IPv6 address as itself, with brackets, zone and in capitals', () => {
    fc.assert(
      fc.property(ipv6, fc.boolean(), (text, capitals) => {
        const spelled = capitals ? text.toUpperCase() : text;
        const address = parseAddress(spelled);
        expect(address?.kind).toBe('ip');
        expect(parseAddress(`[${spelled}]`)).toEqual(address);
        expect(parseAddress(`${spelled}%eth0`)).toEqual(address);
      }),
      { numRuns: numRuns(5000) },
    );
  });

  it.each([
    ['Web-01.Contoso.Internal.', 'web-01.contoso.internal'],
    ['web-01', 'web-01'],
    ['_sip._tcp.contoso.com', '_sip._tcp.contoso.com'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['ｃｏｎｔｏｓｏ。com', 'contoso.com'],
    ['localhost.', 'localhost'],
  ])('reads the host name %j as %j', (text, canonical) => {
    expect(parseAddress(text)).toEqual({ kind: 'host', canonical });
  });

  it.each([
    ['https://Contoso.com', 'https://contoso.com/', 'https', undefined],
    ['HTTP://contoso.com:80/a b'.replace(' ', '%20'), 'http://contoso.com:80/a%20b', 'http', 80],
    ['https://contoso.com.:8443/a/./b?c#d', 'https://contoso.com:8443/a/b?c', 'https', 8443],
    ['http://%31%30.0.0.1/', 'http://10.0.0.1/', 'http', undefined],
    ['http://[2001:DB8::1]:8080', 'http://[2001:db8::1]:8080/', 'http', 8080],
    ['http://[::ffff:10.0.0.1]/', 'http://10.0.0.1/', 'http', undefined],
  ])('reads the URI %j as %j', (text, canonical, scheme, port) => {
    const address = parseAddress(text);
    expect(address).toMatchObject({ kind: 'uri', canonical, scheme, userInfo: false });
    expect(address?.kind === 'uri' ? address.port : 'no URI').toBe(port);
  });

  it('leaves user name and password out of the canonical URI, and tells of them', () => {
    expect(parseAddress('https://alice:pass@contoso.com/')).toEqual({
      kind: 'uri',
      canonical: 'https://contoso.com/',
      host: { kind: 'host', canonical: 'contoso.com' },
      scheme: 'https',
      userInfo: true,
    });
  });

  it.each([
    ...[
      '',
      ' ',
      ' contoso.com',
      'contoso.com\n',
      'a\tb',
      'a\u0000b',
      'lo\u00adcalhost',
      'a\u200bb',
      '\ufeffcontoso.com',
    ],
    ...['a..b', '.a', 'a..', '.', '-a.b', 'a-.b', `${'a'.repeat(64)}.com`, `${'a.'.repeat(127)}com`],
    ...['1.2.3.4.5', '256.1.1.1', '08.8.8.8', '1.2.3.4a.5', '10.0.0.1x', 'contoso.9com', '0x1ffffffff', '4294967296'],
    ...['contoso.com:443', '10.0.0.1:80', '10.0.0.0/8', 'a@b', 'a%2eb', 'a\\b', 'a/b', '*.contoso.com', 'a,b', '[a]'],
    ...[':', ':::', '[::1', '::1]', '1::2::3', '::ffff:0x7f.1', '::ffff:010.0.0.1', '::1%', '10.0.0.1%eth0', '12345::'],
    ...['http:contoso.com', 'http:/contoso.com', 'http:///contoso.com', 'http://', 'http://?a', 'ftp://contoso.com'],
    ...['http://a b/', 'http://a\\b/', 'http://contoso.com:0/', 'http://contoso.com:65536/', 'http://contoso.com:x/'],
    ...['http://a..b/', 'http://1.2.3.4.5/', 'http://[fe80::1%25eth0]/', `http://contoso.com/${'a'.repeat(2048)}`],
    ...[`http://contoso.com/${'é'.repeat(500)}`, 'javascript://contoso.com', '//contoso.com', 'http://con\ttoso.com/'],
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});

describe('embeddedAddresses', () => {
  it.each(embeddings)('finds the IPv4 address in the form $name', ({ of }) => {
    fc.assert(
      fc.property(
        octets.filter(([first]) => first > 0),
        (ip) => {
          const canonical = parseAddress(of(ip))?.canonical ?? '';
          expect(embeddedAddresses(canonical)[0]).toBe(canonical);
          expect(embeddedAddresses(canonical)).toContain(dotted(ip));
        },
      ),
      { numRuns: numRuns(1000) },
    );
  });

  it('answers with the address alone where nothing is embedded', () => {
    expect(embeddedAddresses('10.0.0.1')).toEqual(['10.0.0.1']);
    expect(embeddedAddresses('2001:db8::1')).toEqual(['2001:db8::1']);
    expect(embeddedAddresses('64:ff9b:1::a01:203')).toEqual(['64:ff9b:1::a01:203', '10.1.2.3']);
  });
});
