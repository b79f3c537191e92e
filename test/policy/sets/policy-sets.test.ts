import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { openSets } from '../../../src/policy/sets/policy-set.ts';
import { sampleCaller, webVm } from '../../support/samples.ts';

const group = '22222222-2222-4222-8222-222222222222';
const from = { resourceId: webVm };

const faultsOf = (sets: object, more: object = {}): readonly string[] => {
  const endpoints = { sql: { address: '10.9.9.9', port: 1433 }, bare: { address: '10.9.9.8' } };
  const rules = [{ id: 'all', effect: 'allow' }];
  const parsed = parsePolicy(JSON.stringify({ version: 1, endpoints, rules, sets, ...more }, null, 1));
  return parsed.ok ? parsed.warnings : parsed.faults;
};

describe('the sets of a policy', () => {
  it('take what a request takes, and machines by name', () => {
    const set = {
      comment: 'Flows that must work.',
      sources: [from, { name: 'web-02' }],
      destinations: [
        { endpoint: 'sql', comment: 'orders' },
        { address: '10.1.2.4', port: 443 },
        { name: 'sql-01', port: 1 },
      ],
      protocol: 'tcp',
    };
    expect(faultsOf({ orders: set })).toEqual([]);
  });

  it.each([
    [
      'an endpoint that is not there',
      { sources: [from], destinations: [{ endpoint: 'none', port: 1 }] },
      /^sets\.s\.destinations\[0\]\.endpoint \(line \d+\): is not among endpoints/,
    ],
    [
      'a destination without a port',
      { sources: [from], destinations: [{ endpoint: 'sql' }, { endpoint: 'bare' }] },
      /^sets\.s\.destinations\[1\]\.port \(line \d+\): give a port/,
    ],
    [
      'a source that is an address',
      { sources: [{ endpoint: 'sql' }], destinations: [{ endpoint: 'sql' }] },
      /^sets\.s\.sources\[0\]\.endpoint .*a source is a resource/,
    ],
    [
      'a resource id that is none',
      { sources: [{ resourceId: 'web-01' }], destinations: [{ endpoint: 'sql' }] },
      /^sets\.s\.sources\[0\]\.resourceId .*whole resource id/,
    ],
    [
      'two ways to say where to',
      { sources: [from], destinations: [{ endpoint: 'sql', address: '10.1.1.1' }] },
      /^sets\.s\.destinations\[0\] .*exactly one/,
    ],
    ['no source', { sources: [], destinations: [{ endpoint: 'sql' }] }, /^sets\.s\.sources .*at least one source/],
    [
      'an unknown member',
      { sources: [from], destinations: [{ endpoint: 'sql' }], colour: 1 },
      /^sets\.s\.colour .*unknown/,
    ],
    [
      'an unknown protocol',
      { sources: [from], destinations: [{ endpoint: 'sql' }], protocol: 'udp' },
      /^sets\.s\.protocol .*UDP/,
    ],
    [
      'more than two hundred checks',
      { sources: [from], destinations: Array.from({ length: 201 }, (_, i) => ({ address: '10.1.1.1', port: i + 1 })) },
      /^sets\.s .*asks for 201 checks/,
    ],
    [
      'a name for a group',
      { requesters: { groups: ['admins'] }, sources: [from], destinations: [{ endpoint: 'sql' }] },
      /^sets\.s\.requesters\.groups\[0\] .*matches nobody/,
    ],
  ])('have a fault with its place: %s', (_what, set, fault) => {
    const faults = faultsOf({ s: set });
    expect(faults[0]).toMatch(fault);
    expect(faults).toHaveLength(1);
  });

  it('have names that are plain', () => {
    expect(faultsOf({ 'a b': { sources: [from], destinations: [{ endpoint: 'sql' }] } })[0]).toMatch(
      /^sets.*name of a set/,
    );
  });

  it('are open to whom they name, without names to everybody, and to nobody whose groups are not told', () => {
    const common = { sources: [from], destinations: [{ address: '10.1.2.4', port: 1 }] };
    const sets = { all: common, team: { ...common, requesters: { groups: [group] } } };
    const parsed = parsePolicy(JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }], sets }));
    if (!parsed.ok) throw new Error(parsed.faults.join('\n'));
    const caller = sampleCaller();
    expect(openSets(parsed.policy, caller)).toEqual(['all']);
    expect(openSets(parsed.policy, { ...caller, groups: [group.toUpperCase()] })).toEqual(['all', 'team']);
    expect(openSets(parsed.policy, { ...caller, groupsOverage: true })).toEqual(['all']);
  });
});
