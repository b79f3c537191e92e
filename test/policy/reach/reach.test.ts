import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResourceId } from '../../../src/arm/resource-id.ts';
import { reachOf } from '../../../src/policy/reach/reach.ts';
import { namesSubscription, subscriptionsOf } from '../../../src/policy/reach/subscriptions-of.ts';
import { numRuns } from '../../support/run/num-runs.ts';
import { callerOf, canBeRule, decide, groups, policyOf, requestOf, subscription, vm } from '../asking.ts';

const protocols = ['Tcp', 'Http', 'Https', 'Icmp'] as const;
const sources = ['web-01', 'web-02', 'sql-01'].map((name) => vm(name));
const addresses = ['10.1.0.4', '10.2.0.4', '10.3.0.4', '192.0.2.1', '2001:db8::1', 'x.example.com'];
const ports = [1, 443, 1001, 65_535];

const some = <T>(...items: readonly T[]) => fc.option(fc.subarray([...items], { minLength: 1 }), { nil: undefined });
const ruleArb = fc
  .record({
    effect: fc.constantFrom('allow', 'deny'),
    requesters: fc.constantFrom(
      undefined,
      { groups: [groups.one] },
      { groups: [groups.two] },
      { roles: ['Check.Request'] },
    ),
    sources: some(vm('web-01'), vm('web-*'), `${subscription}/**`, '**'),
    destinations: some('10.1.0.0/16', '10.0.0.0/8', '10.2.0.0/16', '**', '0.0.0.0/0'),
    ports: some('443', '1-1000', '1-65535', '1001-65535'),
    protocols: some(...protocols),
  })
  .filter((rule) => canBeRule(rule));
const policyArb = fc
  .array(ruleArb, { minLength: 1, maxLength: 6 })
  .map((rules) =>
    policyOf(rules.map((rule, index) => ({ id: `rule-${index}`, ...(JSON.parse(JSON.stringify(rule)) as object) }))),
  );
const callerArb = fc.record({
  groups: fc.subarray([groups.one, groups.two]),
  groupsOverage: fc.boolean(),
});

/** Everything that the rules above can tell apart. */
const flowsFrom = (source: string) =>
  addresses.flatMap((address) =>
    protocols.flatMap((protocol) =>
      (protocol === 'Icmp' ? [undefined, ...ports] : ports).map((port) =>
        requestOf({ address, ...(port && { port }) }, { source, protocol }),
      ),
    ),
  );

describe('what a caller may test from', () => {
  it('is no less than what decide() allows some check from', () => {
    fc.assert(
      fc.property(policyArb, callerArb, fc.constantFrom(...sources), (policy, grants, source) => {
        const caller = callerOf(grants);
        const isAllowed = flowsFrom(source).some((request) => decide(policy, caller, request).allowed);
        if (isAllowed) expect(reachOf(policy, caller).isSource(parseResourceId(source)!)).toBe(true);
      }),
      { numRuns: numRuns(400) },
    );
  });

  it('is nothing of which one rule denies all that another allows, in whatever words', () => {
    fc.assert(
      fc.property(policyArb, callerArb, fc.constantFrom(...sources), (policy, grants, source) => {
        const caller = callerOf(grants);
        fc.pre(policy.allowRules.length === 1 && policy.denyRules.length === 1);
        const isAllowed = flowsFrom(source).some((request) => decide(policy, caller, request).allowed);
        expect(reachOf(policy, caller).isSource(parseResourceId(source)!)).toBe(isAllowed);
      }),
      { numRuns: numRuns(800) },
    );
  });

  it.each([
    ['a destination that says anything', { destinations: ['**'] }],
    ['every port, where only ports are allowed', { ports: ['1-1000', '1001-65535'] }],
    ['every protocol', { protocols: [...protocols] }],
    ['the wider range', { destinations: ['10.0.0.0/8'] }],
    ['a group that the token may leave out', { requesters: { groups: [groups.two] } }, { groupsOverage: true }],
  ])('is not what is denied by %s', (_how, deny, grants: Parameters<typeof callerOf>[0] = {}) => {
    const allow = {
      id: 'allow',
      effect: 'allow',
      sources: [vm('web-01')],
      destinations: ['10.1.0.0/16'],
      ports: ['443'],
    };
    const policy = policyOf([allow, { id: 'deny', effect: 'deny', sources: [vm('web-*')], ...deny }]);
    expect(reachOf(policy, callerOf(grants)).isSource(parseResourceId(vm('web-01'))!)).toBe(false);
  });
});

describe('an address of a source', () => {
  const known = (deny: object, address = '10.99.0.4') => {
    const policy = policyOf([
      { id: 'all', effect: 'allow' },
      { id: 'deny', effect: 'deny', ...deny },
    ]);
    return reachOf(policy, callerOf()).mayKnow(address, parseResourceId(vm('web-01'))!);
  };

  it('is not shown where a rule denies it whatever else is asked', () => {
    expect(known({ destinations: ['10.99.0.0/16'] })).toBe(false);
    expect(known({ destinations: ['10.99.0.0/16'], sources: [vm('web-*')] })).toBe(false);
    expect(known({ destinations: ['10.99.0.0/16'], protocols: [...protocols] })).toBe(false);
    expect(known({ destinations: ['192.0.2.0/24'] }, '169.254.169.254')).toBe(false);
  });

  it('is shown where a rule denies something else, or a part of it', () => {
    expect(known({ destinations: ['10.98.0.0/16'] })).toBe(true);
    expect(known({ destinations: ['10.99.0.0/16'], ports: ['22'] })).toBe(true);
    expect(known({ destinations: ['10.99.0.0/16'], sources: [vm('sql-01')] })).toBe(true);
    expect(known({ destinations: ['10.99.0.0/16'], requesters: { groups: [groups.one] } })).toBe(true);
  });
});

describe('the subscriptions that a policy names', () => {
  const [a, b] = ['a', 'b'].map((end) => `00000000-0000-4000-8000-00000000000${end}`);
  const own = { effect: 'allow', destinations: ['10.0.0.0/8'] };

  it('are those of its sources and destinations, or open where a pattern stands for several', () => {
    const closed = policyOf(
      [
        { ...own, id: 'a', sources: [vm('web-01').toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')] },
        { ...own, id: 'b', sources: ['endpoint:web'], destinations: [`/subscriptions/${b}/**`, 'x.example.com'] },
      ],
      { endpoints: { web: { resourceId: vm('web-01') } } },
    );
    expect(subscriptionsOf(closed)).toEqual({ ids: [a, b], open: false });
    for (const sources of [undefined, ['**'], ['/subscriptions/*/resourceGroups/rg-*/**'], ['/**']])
      expect(subscriptionsOf(policyOf([{ ...own, id: 'a', sources }])).open).toBe(true);
  });

  it('are told to those whose rules name them', () => {
    const policy = policyOf([
      { ...own, id: 'a', sources: [`/subscriptions/${a}/**`] },
      { ...own, id: 'b', sources: ['**'], requesters: { groups: [groups.one] } },
    ]);
    const told = (caller = callerOf()) => [a, b, '**'].map((id) => namesSubscription(policy, caller)(id ?? ''));
    expect(told()).toEqual([true, false, false]);
    expect(told(callerOf({ groups: [groups.one] }))).toEqual([true, true, true]);
  });
});
