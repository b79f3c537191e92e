import { describe, expect, it } from 'vitest';
import { parseHostPattern } from '../../../src/policy/pattern/host-pattern.ts';
import { parsePortRange } from '../../../src/policy/pattern/port-range.ts';
import { parseTargetPattern } from '../../../src/policy/pattern/target-pattern.ts';
import { vm } from '../asking.ts';

describe('an entry of destinations', () => {
  it.each([
    ['**', 'anything'],
    ['endpoint:sql', 'endpoint'],
    [vm('a'), 'resource'],
    ['10.0.0.0/8', 'network'],
    ['0.0.0.0/0', 'network'],
    ['10.0.0.1', 'network'],
    ['2001:db8::/32', 'network'],
    ['::ffff:10.0.0.0/104', 'network'],
    ['contoso.com', 'host'],
    ['*.contoso.com', 'host'],
    ['web-*', 'host'],
  ])('%j is of the kind %s', (text, kind) => {
    expect(parseTargetPattern(text).kind).toBe(kind);
  });

  it.each([
    ...['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/08x', '10.0.0/8', '2001:db8::/129'],
    ...[
      '10.0.0.1/8',
      '2001:db8::1/32',
      '::ffff:0:0/95',
      '010.0.0.1',
      '0x7f.1',
      '10.1',
      'fe80::1%eth0',
      '[::1]',
      '10.0.*.*',
      '10.*',
    ],
    ...[
      '*',
      '',
      ' ',
      'a b',
      '*.*',
      '*.',
      'a..b',
      '*..com',
      'https://contoso.com/',
      'contoso.com:443',
      'a,b',
      'foo/bar',
    ],
  ])('%j is a fault that says what to write', (text) => {
    expect(parseTargetPattern(text)).toEqual({ kind: 'fault', message: expect.stringContaining(`"${text}"`) });
  });

  it.each([
    [
      '010.0.0.0/8',
      'has a zero before a number, decimal to people and octal to programs: write 10.0.0.0/8 or 8.0.0.0/8',
    ],
    ['192.168.086.0/24', 'has a zero before a number, decimal to people and octal to programs: write 192.168.86.0/24'],
    ['10.0.0.010', 'has a zero before a number, decimal to people and octal to programs: write 10.0.0.10 or 10.0.0.8'],
    ['10.1.2', 'is read as 10.1.0.2 by some tools: write four numbers from 0 to 255, in decimal'],
    ['0x7f.1', 'is read as 127.0.0.1 by some tools: write four numbers from 0 to 255, in decimal'],
    ['167772161', 'is read as 10.0.0.1 by some tools: write four numbers from 0 to 255, in decimal'],
    ['10.1/16', 'is no whole IPv4 address: write four numbers from 0 to 255, in decimal'],
    ['10.1.2.256', 'is no whole IPv4 address: write four numbers from 0 to 255, in decimal'],
    [
      '0999.1.1.1',
      'has a zero before a number, decimal to people and octal to programs: write four numbers from 0 to 255, in decimal',
    ],
    ['AzureCloud', 'is a service tag: write the ranges or host names that are meant'],
    ['Storage.WestEurope', 'is a service tag: write the ranges or host names that are meant'],
    ['“db”', 'has “ (U+201C, left double quotation mark) at position 1, and no host name has: take it out'],
    ['*.db–x.com', 'has – (U+2013, en dash) at position 5, and no host name has: take it out'],
  ])('%j says what it cannot mean, and what to write', (text, message) => {
    expect(parseTargetPattern(text)).toEqual({ kind: 'fault', message: `"${text}" ${message}` });
  });

  it('tells the range that was probably meant', () => {
    expect(parseTargetPattern('10.1.2.3/16')).toEqual({
      kind: 'fault',
      message: '"10.1.2.3/16" has bits set beyond its prefix: write 10.1.0.0/16 or a longer prefix',
    });
  });
});

describe('a host pattern', () => {
  it.each([
    ['Contoso.COM.', 'contoso.com', 'a.contoso.com'],
    ['*.bücher.example', 'a.xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['web-*.contoso.com', 'web-01.contoso.com', 'web-01.a.contoso.com'],
    ['web-*', 'web-01', 'web-01.contoso.com'],
    ['*.web-*.contoso.com', 'a.b.web-01.contoso.com', 'web-01.contoso.com'],
    ['a.*.contoso.com', 'a.b.contoso.com', 'a.b.c.contoso.com'],
    ['*.com', 'contoso.com', 'com'],
  ])('%j matches %j and not %j', (pattern, inside, outside) => {
    expect(parseHostPattern(pattern)?.(inside)).toBe(true);
    expect(parseHostPattern(pattern)?.(outside)).toBe(false);
  });
});

describe('a port range', () => {
  it.each([
    ['443', 443, 443],
    ['8000-8099', 8000, 8099],
    ['1-65535', 1, 65_535],
    ['22-22', 22, 22],
  ])('%j is from %i to %i', (text, from, to) => {
    expect(parsePortRange(text)).toEqual({ from, to });
  });

  it.each(['0', '65536', '99999', '8099-8000', '80-', '-80', '080', '80 ', '1-2-3', '*', '', '1e3', '٤'])(
    '%j is none',
    (text) => {
      expect(parsePortRange(text)).toBeUndefined();
    },
  );
});
