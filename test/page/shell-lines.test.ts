import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ConnectivityParameters } from '../../src/client/answers.ts';
import { parseLine } from '../../src/line/parse-line.ts';
import { shellLines } from '../../src/page/views/check/shell-lines.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { webVm } from '../support/samples.ts';

const id = '5f0c1f8e-3b1a-4c68-9d3e-0a1b2c3d4e5f';
const url = 'https://proxy.example.com';
const linesOf = (request: ConnectivityParameters) => shellLines({ id, request }, url);
const from = { resourceId: webVm };

describe('A check in a shell', () => {
  test.each<[ConnectivityParameters, string]>([
    [{ source: from, destination: { address: '10.1.2.4', port: 1433 }, protocol: 'Tcp' }, `${webVm} 10.1.2.4:1433 tcp`],
    [{ source: from, destination: { address: '::1', port: 22 } }, `${webVm} '[::1]:22'`],
    [{ source: from, destination: { resourceId: webVm }, protocol: 'Icmp' }, `${webVm} ${webVm} icmp`],
    [
      { source: from, destination: { address: 'https://shop.example.com/a?b=$(c)' }, protocol: 'Https' },
      `${webVm} 'https://shop.example.com/a?b=$(c)' https`,
    ],
  ])('%j', (request, words) => {
    expect(linesOf(request)).toEqual([`export NETCHECK_URL=${url}`, `netcheck ${words}`, 'netcheck show 5f0c1f8e']);
  });

  test.each<[string, Partial<ConnectivityParameters>]>([
    ['a port of the source', { source: { ...from, port: 5000 } }],
    ['an IP version', { preferredIPVersion: 'IPv6' }],
    ['status codes', { protocolConfiguration: { HTTPConfiguration: { validStatusCodes: [204] } } }],
    ['a destination that is no word', { destination: { address: 'a b', port: 1 } }],
  ])('with %s is asked again by its id', (_, more) => {
    const request = { source: from, destination: { address: '10.1.2.4', port: 1433 }, ...more };
    expect(linesOf(request)[1]).toBe('netcheck again 5f0c1f8e');
  });

  it('is the same words to a shell as to the command line, whatever the host is called', () => {
    const address = fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
      fc.constantFrom("https://a.example.com/'$(id)`id`", 'https://a.example.com/;id&&"x"', '-rf', "a'b"),
    );
    fc.assert(
      fc.property(address, (host) => {
        const [, line = ''] = linesOf({ source: from, destination: { address: host, port: 443 }, protocol: 'Tcp' });
        const words = execFileSync('sh', ['-c', line.replace(/^netcheck/, 'printf "%s\\n"')], { encoding: 'utf8' });
        const given = words.trimEnd().split('\n').join(' ');
        if (given === 'again 5f0c1f8e') return;
        const read = parseLine(given);
        expect(read.ok && read.line).toMatchObject({ verb: 'check', source: webVm, protocol: 'Tcp' });
        expect(given).toBe(`${webVm} ${host}:443 tcp`);
      }),
      { numRuns: numRuns(100) },
    );
  });
});
