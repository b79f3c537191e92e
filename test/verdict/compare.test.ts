import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectivityInformationSchema } from '../../src/arm/connectivity-information.ts';
import type { Change } from '../../src/contract/answer/comparison.ts';
import type { Reachability, Reason } from '../../src/contract/verdict.ts';
import { compare, type Outcome } from '../../src/verdict/compare/compare.ts';
import { sampleCheck } from '../support/samples.ts';

const { request } = sampleCheck();
const nic = (name: string): string =>
  `/subscriptions/00000000-0000-4000-8000-00000000000a/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/${name}`;

interface Hop {
  readonly type?: string;
  readonly address?: string;
  readonly resourceId?: string;
}

/** A result with a straight path; `salt` makes its ids. */
function resultOf(hops: readonly Hop[], more: object = {}, salt = '') {
  const idOf = (index: number): string => `id-${salt}-${index}`;
  return connectivityInformationSchema.parse({
    hops: hops.map((hop, i) => ({ ...hop, id: idOf(i), nextHopIds: i + 1 < hops.length ? [idOf(i + 1)] : [] })),
    connectionStatus: 'Reachable',
    ...more,
  });
}

const outcome = (
  hops: readonly Hop[],
  more: object = {},
  reachability: Reachability = 'Reachable',
  reasons: readonly Reason[] = [],
  salt = '',
): Outcome => ({ request, reachability, reasons, information: resultOf(hops, more, salt) });

const source = { type: 'Source', address: '10.1.1.4', resourceId: nic('web-01') };
const target = { type: 'VirtualNetwork', address: '10.1.2.4', resourceId: nic('sql-01') };
const firewall = { type: 'VirtualAppliance', address: '10.1.9.4' };
const gateway = { type: 'VirtualNetworkGateway' };
const rule = (name: string): Reason => ({
  ...{ code: 'SecurityRuleDenies', message: `The rule ${name} blocks it.`, hop: nic('sql-01'), rule: name },
  ...{ action: 'Ask for a rule.', owner: 'network team' },
});

const told = (changes: readonly Change[]) => changes.map(({ what, before, after }) => [what, before, after]);

describe('a comparison', () => {
  it('tells of a flow that broke what a person would see, in plain sentences', () => {
    const before = outcome([source, target], { avgLatencyInMs: 2, probesSent: 100, probesFailed: 0 });
    const after = outcome(
      [source, firewall, target],
      { avgLatencyInMs: 20, probesSent: 30, probesFailed: 30 },
      'Unreachable',
      [rule('DenyAll')],
    );
    expect(compare(before, after)).toEqual([
      {
        ...{ what: 'reachability', before: 'Reachable', after: 'Unreachable' },
        sentence: 'Before, the destination was reachable; now it is unreachable.',
      },
      { what: 'reason', after: 'SecurityRuleDenies', sentence: 'New: The rule DenyAll blocks it.' },
      {
        ...{ what: 'hop', after: '10.1.9.4' },
        sentence: 'The path leads through the virtual appliance 10.1.9.4 on the way now.',
      },
      { what: 'latency', before: 2, after: 20, sentence: 'The average latency rose from 2 ms to 20 ms.' },
      {
        ...{ what: 'loss', before: 0, after: 100 },
        sentence: 'The share of probes that failed rose from 0 % to 100 %.',
      },
    ]);
  });

  it.each([
    ['a hop that is gone', [source, firewall, target], [source, target], [['hop', '10.1.9.4', undefined]]],
    [
      'a hop in another’s place',
      [source, firewall, target],
      [source, gateway, target],
      [['hop', '10.1.9.4', 'VirtualNetworkGateway']],
    ],
    [
      'a resource that has another address',
      [source, target],
      [source, { ...target, address: '10.1.2.5' }],
      [['hop', nic('sql-01'), nic('sql-01')]],
    ],
    [
      'a resource whose id is written in other letters as none',
      [source, target],
      [source, { ...target, resourceId: nic('SQL-01').replace('resourceGroups', 'RESOURCEGROUPS') }],
      [],
    ],
  ])('tells %s', (_what, before, after, changes) => {
    expect(told(compare(outcome(before), outcome(after, {}, 'Reachable', [], 'other')))).toEqual(changes);
  });

  it.each([
    [10, 20, true],
    [20, 10, true],
    // More than 50 %, and not more than 5 ms; more than 5 ms, and not more than 50 %.
    [2, 7, false],
    [100, 150, false],
    [100, 151, true],
    [-1, 100, false],
  ])('of the latencies %d and %d ms: %s', (old, young, isTold) => {
    const changes = compare(outcome([], { avgLatencyInMs: old }), outcome([], { avgLatencyInMs: young }));
    expect(changes.length > 0).toBe(isTold);
  });

  it.each([
    [0, 5, false],
    [0, 6, true],
    [60, 50, true],
  ])('of losses of %d %% and %d %%: %s', (old, young, isTold) => {
    const loss = (probesFailed: number) => outcome([], { probesSent: 100, probesFailed });
    expect(compare(loss(old), loss(young)).length > 0).toBe(isTold);
    expect(compare(loss(young), loss(old)).length > 0).toBe(isTold);
    expect(compare(outcome([], { probesSent: 0, probesFailed: 0 }), loss(young))).toEqual([]);
  });

  it('takes a reason for the same whatever its words and the drawn id of its hop, and another rule for another', () => {
    const at = (hop: string, message: string): Reason => ({ ...rule('DenyAll'), hop, message });
    const named = (salt: string, message: string) =>
      outcome([source, gateway], {}, 'Unreachable', [at(`id-${salt}-1`, message)], salt);
    expect(compare(named('a', '30 of 30 failed.'), named('b', '66 of 66 failed.'))).toEqual([]);
    const by = (name: string) => outcome([source], {}, 'Unreachable', [rule(name)]);
    expect(told(compare(by('DenyAll'), by('DenyDb')))).toEqual([
      ['reason', 'SecurityRuleDenies', undefined],
      ['reason', undefined, 'SecurityRuleDenies'],
    ]);
  });

  it('of a check that came to no result says that, and nothing of reasons and path', () => {
    const failed: Outcome = { request, code: 'DeadlineExceeded', reasons: [] };
    expect(compare(outcome([source, target], {}, 'Degraded', [rule('x')]), failed)).toEqual([
      {
        ...{ what: 'reachability', before: 'Degraded', after: 'DeadlineExceeded' },
        sentence: 'Before, the destination was reachable only in part; now the check ended with DeadlineExceeded.',
      },
    ]);
    expect(compare(failed, failed)).toEqual([]);
  });
});

const place = fc.record(
  {
    type: fc.constantFrom('Source', 'VirtualNetwork', 'VirtualAppliance', 'Internet', 'None', ''),
    address: fc.constantFrom('10.1.1.4', '10.1.2.4', '10.1.9.4', ''),
    resourceId: fc.constantFrom(nic('a'), nic('b'), 'Unknown', ''),
  },
  { requiredKeys: [] },
);
const path = fc.array(place, { maxLength: 8 });
const counts = fc.record({
  avgLatencyInMs: fc.nat(300),
  probesSent: fc.constantFrom(0, 30, 66, 100),
  probesFailed: fc.nat(100),
});
const reasons = fc.subarray([rule('a'), rule('b'), { ...rule('c'), hop: 'id-x-1' }]);
const reachability = fc.constantFrom('Reachable', 'Unreachable', 'Degraded', 'Inconclusive');

describe('any result', () => {
  it('compared with itself, or with itself under other ids of hops, has not changed', () => {
    fc.assert(
      fc.property(path, counts, reasons, reachability, fc.string(), (hops, more, why, reached, salt) => {
        const one = outcome(hops, more, reached, why, 'x');
        expect(compare(one, one)).toEqual([]);
        const renumbered = why.map((each) =>
          each.hop === 'id-x-1' && hops.length > 1 ? { ...each, hop: `id-${salt}-1` } : each,
        );
        if (salt.trim() === salt) expect(compare(one, outcome(hops, more, reached, renumbered, salt))).toEqual([]);
      }),
    );
  });

  it('compared the other way has the same changes, with before and after exchanged', () => {
    const any = fc.record({ hops: path, more: counts, why: reasons, reached: reachability });
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [one, other] = [a, b].map(({ hops, more, why, reached }) => outcome(hops, more, reached, why));
        if (!one || !other) throw new Error('There are two.');
        const exchanged = compare(other, one).map(({ what, before, after }) => [what, after, before]);
        const sorted = (changes: readonly unknown[]) => changes.map((change) => JSON.stringify(change)).sort();
        expect(sorted(told(compare(one, other)))).toEqual(sorted(exchanged));
      }),
    );
  });

  it('with thousands of hops that have nothing in common is compared in a moment', () => {
    const long = (from: number) =>
      Array.from({ length: 5000 }, (_, i) => ({ type: 'VirtualNetwork', address: `10.${from}.${i >> 8}.${i & 255}` }));
    const begun = performance.now();
    expect(compare(outcome(long(1)), outcome(long(2)))).toHaveLength(5000);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
