import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddings, octets, type Octets, spellingOf, uriOf } from '../../address/spellings.ts';
import { callerOf, policyOf, requestOf, decide } from '../asking.ts';
import { numRuns } from '../../support/run/num-runs.ts';

const everything = policyOf([
  { id: 'all', effect: 'allow' },
  {
    id: 'wide',
    effect: 'allow',
    destinations: ['0.0.0.0/0', '::/0', '169.254.169.254', '**', '*.internal', 'localhost'],
  },
]);
const outcome = (address: string) => decide(everything, callerOf(), requestOf(address));

const forbidden: fc.Arbitrary<Octets> = fc.oneof(
  octets.map(([, b, c, d]): Octets => [127, b, c, d]),
  octets.map(([, , c, d]): Octets => [169, 254, c, d]),
  octets.map(([a, b, c, d]): Octets => [224 + (a % 16), b, c, d]),
  octets.map(([, b, c, d]): Octets => [0, b, c, d]),
  fc.constantFrom<Octets>([168, 63, 129, 16], [169, 254, 169, 254], [127, 0, 0, 1], [0, 0, 0, 0], [255, 255, 255, 255]),
);

describe('addresses that are never tested', () => {
  it('are refused in every spelling, alone and in a URI, whatever a rule allows', () => {
    fc.assert(
      fc.property(
        forbidden.chain((ip) => spellingOf(ip).chain((text) => fc.oneof(fc.constant(text), uriOf(text)))),
        (text) => {
          const { allowed, reason, rule } = outcome(text);
          expect({ allowed, rule, reason: reason.slice(0, 9) }).toEqual({ allowed: false, reason: 'Loopback,' });
        },
      ),
      { numRuns: numRuns(10_000) },
    );
  });

  it('are refused in every IPv6 form that embeds them', () => {
    fc.assert(
      fc.property(
        forbidden.filter(([first]) => first > 0),
        fc.constantFrom(...embeddings),
        (ip, { of }) => {
          expect(outcome(of(ip)).reason).toMatch(/^Loopback,/);
        },
      ),
      { numRuns: numRuns(3000) },
    );
  });

  it.each([
    ...['::', '::1', 'fe80::1', 'febf::1', 'ff02::1', 'fe80::1%eth0', 'http://[::1]:8080/', '64:ff9b:1::7f00:1'],
    ...['localhost', 'LOCALHOST.', 'a.localhost', 'localhost.localdomain', 'ip6-localhost', 'ip6-loopback'],
    ...['metadata.google.internal', 'metadata.azure.internal', 'https://Metadata.Google.Internal/x', 'instance-data'],
    ...['0--1.ipv6-literal.net', 'ｌｏｃａｌｈｏｓｔ', '0.0.0.0', '::'],
    ...['_localdnsstub', '_localdnsproxy', '_gateway', '_outbound', 'ipv6-localhost', 'http://_Gateway/'],
    ...['host.docker.internal', 'gateway.docker.internal', 'kubernetes.docker.internal', 'host.containers.internal'],
  ])('include %s', (address) => {
    expect(outcome(address)).toMatchObject({ allowed: false, reason: expect.stringMatching(/^Loopback,/) });
  });

  it.each([
    ...['126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '168.63.129.15', '168.63.129.17'],
    ...['223.255.255.255', '240.0.0.0', '1.0.0.0', 'fec0::1', '2001:db8::1', '64:ff9b::a00:1', '2002:a00:1::'],
    ...['localhost.contoso.com', 'mylocalhost', 'metadata.contoso.com', 'internal', 'fe80.contoso.com'],
    ...['gateway', '_gateway.contoso.com', 'docker.internal', 'containers.internal'],
  ])('do not include %s', (address) => {
    expect(outcome(address)).toMatchObject({ allowed: true });
  });
});
