import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/policy/policy.ts';
import { decide } from '../../../src/policy/decide.ts';
import { openSets } from '../../../src/policy/sets/policy-set.ts';
import { membersOf } from '../../../src/policy/sets/set-members.ts';
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

  it('are warned of where some of their checks would be refused to everybody', () => {
    const other = { resourceId: webVm.replace('web-01', 'web-02') };
    const set = {
      sources: [from, other, { name: 'web-03' }],
      destinations: [
        { endpoint: 'sql' },
        { address: '10.1.2.4', port: 443 },
        { address: '10.5.5.5', port: 443 },
        { address: '127.0.0.1', port: 443 },
        { name: 'sql-01', port: 443 },
        { address: '10.7.7.7', port: 443 },
      ],
    };
    const rules = [
      { id: 'team', effect: 'allow', requesters: { groups: [group] }, destinations: ['10.0.0.0/8'], ports: [443] },
      { id: 'sql', effect: 'allow', sources: [webVm], destinations: ['endpoint:sql'] },
      { id: 'no-pci', effect: 'deny', destinations: ['10.5.0.0/16'] },
      { id: 'no-others', effect: 'deny', destinations: ['10.7.0.0/16'], except: { groups: [group] } },
    ];
    expect(faultsOf({ s: set }, { rules }).map((text) => text.replace(/ \(line \d+\)/, ''))).toEqual([
      'sets.s.destinations[0]: is refused to everybody from sources[1]: no rule allows it, or one denies it to all',
      'sets.s.destinations[2]: is refused to everybody from any of the sources: no rule allows it, or one denies it to all',
      'sets.s.destinations[3]: is refused to everybody from any of the sources: no rule allows it, or one denies it to all',
    ]);
    // A rule that looks at the protocol allows nothing of a set that has none.
    const tcp = [{ id: 'tcp', effect: 'allow', protocols: ['Tcp'] }];
    const plain = { sources: [from], destinations: [{ endpoint: 'sql' }] };
    expect(faultsOf({ s: plain }, { rules: tcp })).toHaveLength(1);
    expect(faultsOf({ s: { ...plain, protocol: 'Tcp' } }, { rules: tcp })).toEqual([]);
  });

  it('are warned of only where nobody can be allowed', () => {
    const someOf = <T>(values: readonly T[]) =>
      fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
    const who = fc.option(fc.record({ groups: fc.constant([group]) }), { nil: undefined });
    const rule = fc.record({
      effect: fc.constantFrom('allow', 'deny'),
      requesters: who,
      destinations: someOf(['10.1.2.4', '10.9.0.0/16', 'endpoint:sql']),
      ports: someOf([443, 1433]),
      protocols: someOf(['Tcp', 'Http']),
    });
    const set = {
      sources: [from],
      destinations: [{ endpoint: 'sql' }, { address: '10.1.2.4', port: 443 }],
      protocol: 'Tcp',
    };
    fc.assert(
      fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (written) => {
        const rules = written.map((each, i) => ({ id: `r${i}`, ...each }));
        const document = {
          version: 1,
          endpoints: { sql: { address: '10.9.9.9', port: 1433 } },
          rules,
          sets: { s: set },
        };
        const parsed = parsePolicy(JSON.stringify(document));
        if (!parsed.ok) return;
        const { policy, warnings } = parsed;
        const callers = [[], [group]].map((groups) => ({ ...sampleCaller(), groups }));
        for (const { flow, places } of membersOf(policy, policy.sets.get('s')!)) {
          const isWarned = warnings.some((text) => text.startsWith(`sets.s.destinations[${places.destination}]`));
          const isAllowed = callers.some((caller) => decide(policy, caller, flow).allowed);
          if (isWarned) expect([document, isAllowed]).toEqual([document, false]);
        }
      }),
    );
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
