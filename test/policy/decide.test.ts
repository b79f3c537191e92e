import { describe, expect, it } from 'vitest';
import type { ConnectivityParameters } from '../../src/arm/connectivity-parameters.ts';
import { callerOf, groups, policyOf, requestOf, subscription, vm, decide } from './asking.ts';

const allow = { id: 'allow', effect: 'allow' };
const deny = { id: 'deny', effect: 'deny' };

const allows = (rules: readonly object[], request: ConnectivityParameters, caller = callerOf()): boolean =>
  decide(policyOf(rules), caller, request).allowed;

const withoutProtocol = ({ source, destination }: ConnectivityParameters): ConnectivityParameters => ({
  source,
  destination,
});

describe('which rule decides', () => {
  it('refuses what no rule allows, and says whom to ask', () => {
    const policy = policyOf([]);
    expect(decide(policy, callerOf(), requestOf('10.0.0.1'))).toEqual({
      allowed: false,
      reason: "No rule of the policy allows this check: ask the proxy's operators whether it can be allowed.",
      policy: policy.hash,
      roles: ['Check.Request'],
    });
  });

  it('allows what a rule of nothing but id and effect allows: everything', () => {
    const policy = policyOf([allow]);
    expect(decide(policy, callerOf(), requestOf('contoso.com'))).toEqual({
      allowed: true,
      rule: 'allow',
      reason: 'Rule "allow" allows it.',
      policy: policy.hash,
      roles: ['Check.Request'],
    });
  });

  it('keeps the caller’s roles, and those of their groups that a rule names, however they are written', () => {
    const rule = { ...allow, requesters: { groups: [groups.one.toUpperCase()] } };
    const decided = (more: object, rules: readonly object[] = [rule]) =>
      decide(policyOf(rules), callerOf(more), requestOf('contoso.com'));
    expect(decided({ groups: [groups.one, groups.two] })).toMatchObject({
      allowed: true,
      roles: ['Check.Request'],
      groups: [groups.one],
    });
    expect(decided({ groups: [groups.two], roles: [] })).not.toHaveProperty('roles');
    const exception = { ...deny, except: { groups: [groups.two] } };
    expect(decided({ groups: [groups.two] }, [allow, exception]).groups).toEqual([groups.two]);
  });

  it('tells who is in none of the groups that rules name from whose groups nobody knows', () => {
    const rule = { ...allow, requesters: { groups: [groups.one] } };
    const decided = (more: object, rules: readonly object[]) =>
      decide(policyOf(rules), callerOf(more), requestOf('contoso.com'));
    expect(decided({ groups: [groups.two] }, [rule]).groups).toEqual([]);
    expect(decided({ groupsOverage: true }, [rule])).not.toHaveProperty('groups');
    expect(decided({ groups: [groups.two] }, [allow])).not.toHaveProperty('groups');
  });

  it('lets a deny outweigh every allow, with its reason', () => {
    const policy = policyOf([allow, { ...deny, destinations: ['10.99.0.0/16'], reason: 'PCI: ask network-security.' }]);
    expect(decide(policy, callerOf(), requestOf('10.99.1.1'))).toEqual({
      allowed: false,
      rule: 'deny',
      reason: 'Rule "deny" denies it: PCI: ask network-security.',
      policy: policy.hash,
      roles: ['Check.Request'],
    });
    expect(decide(policy, callerOf(), requestOf('10.98.1.1')).allowed).toBe(true);
  });

  it('names the first rule by id, wherever it stands in the file', () => {
    const rules = [
      { ...allow, id: 'b' },
      { ...allow, id: 'a' },
    ];
    expect(decide(policyOf(rules), callerOf(), requestOf('10.0.0.1')).rule).toBe('a');
  });

  it('asks for all members, and for any entry of one', () => {
    const rule = {
      ...allow,
      destinations: ['10.1.0.0/16', '10.2.0.0/16'],
      ports: ['443', '8000-8099'],
      protocols: ['Tcp'],
    };
    expect(allows([rule], requestOf({ address: '10.2.0.1', port: 8099 }))).toBe(true);
    expect(allows([rule], requestOf({ address: '10.2.0.1', port: 8100 }))).toBe(false);
    expect(allows([rule], requestOf({ address: '10.3.0.1', port: 443 }))).toBe(false);
    expect(allows([rule], requestOf({ address: '10.2.0.1', port: 443 }, { protocol: 'Https' }))).toBe(false);
  });

  it.each([
    ['ids, ignoring case', { ids: ['tenant/ALICE'] }, true],
    ['ids', { ids: ['tenant/bob'] }, false],
    ['roles', { roles: ['Payments', 'Check.Request'] }, true],
    ['roles', { roles: ['Payments'] }, false],
    ['groups, ignoring case', { groups: [groups.one.toUpperCase(), groups.two] }, true],
    ['groups', { groups: [groups.two] }, false],
    ['via', { via: ['slack', 'http'] }, true],
    ['via', { via: ['slack'] }, false],
    ['all of them', { ids: ['tenant/alice'], roles: ['Check.Request'], groups: [groups.one], via: ['http'] }, true],
    ['all but one', { ids: ['tenant/alice'], roles: ['Check.Request'], groups: [groups.one], via: ['slack'] }, false],
    ['none', {}, true],
  ])('matches requesters by %s', (_, requesters, expected) => {
    expect(allows([{ ...allow, requesters }], requestOf('10.0.0.1'), callerOf({ groups: [groups.one] }))).toBe(
      expected,
    );
  });
});

describe('what a target is', () => {
  it('matches sources and destinations by resource id, ignoring case', () => {
    const rule = {
      ...allow,
      sources: [`${subscription}/resourceGroups/rg-sh*/**`],
      destinations: [vm('SQL-01').toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')],
    };
    const to = { resourceId: vm('sql-01'), port: 1433 };
    expect(allows([rule], requestOf(to))).toBe(true);
    expect(allows([rule], requestOf(to, { source: vm('web-01', 'rg-other') }))).toBe(false);
    expect(allows([rule], requestOf({ ...to, resourceId: vm('sql-02') }))).toBe(false);
  });

  it('allows an IPv6 address that embeds an allowed IPv4 address only where it is that address', () => {
    const rule = { ...allow, destinations: ['10.0.0.0/8'] };
    expect(allows([rule], requestOf('::ffff:10.0.0.1'))).toBe(true);
    expect(allows([rule], requestOf('64:ff9b::a00:1'))).toBe(false);
    expect(allows([{ ...allow, destinations: ['64:ff9b::/96'] }], requestOf('64:ff9b::a00:1'))).toBe(true);
    expect(allows([{ ...allow, destinations: ['::ffff:10.0.0.0/104'] }], requestOf('10.0.0.1'))).toBe(true);
  });

  it('takes *.x for one or more labels before x, never for x', () => {
    const rule = { ...allow, destinations: ['*.Contoso.Internal'] };
    expect(allows([rule], requestOf('a.contoso.internal'))).toBe(true);
    expect(allows([rule], requestOf('a.b.contoso.internal'))).toBe(true);
    expect(allows([rule], requestOf('contoso.internal'))).toBe(false);
    expect(allows([rule], requestOf('acontoso.internal'))).toBe(false);
    expect(allows([rule], requestOf('a.contoso.internal.example'))).toBe(false);
  });

  it('looks at the host and the port of a URI', () => {
    const rule = { ...allow, destinations: ['*.contoso.internal', '10.0.0.0/8'], ports: ['8443', '443'] };
    const uri = (address: string, port?: number) =>
      requestOf({ address, ...(port === undefined ? {} : { port }) }, { protocol: 'Https' });
    expect(allows([rule], uri('https://a.contoso.internal:8443/x'))).toBe(true);
    expect(allows([rule], uri('https://10.1.2.3/'))).toBe(true);
    expect(allows([rule], uri('https://a.contoso.internal/', 8443))).toBe(true);
    expect(allows([rule], uri('https://a.contoso.internal/', 0))).toBe(true);
    expect(allows([rule], uri('http://a.contoso.internal/'))).toBe(false);
    expect(allows([rule], uri('https://a.contoso.internal/', 22))).toBe(false);
    expect(allows([rule], uri('https://contoso.com:8443/?a.contoso.internal'))).toBe(false);
  });

  it('wants both ports of a URI and its request allowed, and neither denied', () => {
    const both = requestOf({ address: 'https://a.example:443/', port: 22 }, { protocol: 'Https' });
    expect(allows([{ ...allow, ports: ['443'] }], both)).toBe(false);
    expect(allows([{ ...allow, ports: ['22'] }], both)).toBe(false);
    expect(allows([{ ...allow, ports: ['443', '22'] }], both)).toBe(true);
    expect(
      allows(
        [
          { ...allow, ports: ['443'] },
          { ...allow, id: 'two', ports: ['22'] },
        ],
        both,
      ),
    ).toBe(true);
    expect(allows([allow, { ...deny, ports: ['22'] }], both)).toBe(false);
    expect(allows([allow, { ...deny, ports: ['443'] }], both)).toBe(false);
  });

  it('wants a resource id and an address that are given together both allowed', () => {
    const both = requestOf({ resourceId: vm('sql-01'), address: '10.0.0.1', port: 443 });
    expect(allows([{ ...allow, destinations: ['10.0.0.1'] }], both)).toBe(false);
    expect(allows([{ ...allow, destinations: ['10.0.0.1', vm('sql-01')] }], both)).toBe(true);
  });

  it.each([
    ['a source that is no resource id', requestOf('10.0.0.1', { source: '/subscriptions/x' })],
    ['an address that cannot be read', requestOf('10.0.0.1:443')],
    ['a resource id that cannot be read', requestOf({ resourceId: `${vm('a')}/..`, port: 443 })],
    ['an address that cannot be read beside a good id', requestOf({ resourceId: vm('a'), address: 'a b', port: 443 })],
    ['no destination', requestOf({ port: 443 })],
  ])('refuses %s, whatever is allowed', (_, request) => {
    expect(allows([allow], request)).toBe(false);
  });
});

describe('endpoints', () => {
  const endpoints = {
    'web-01': { resourceId: vm('web-01') },
    sql: { address: 'SQL.contoso.internal', port: 1433 },
    ip: { address: '10.5.0.1' },
    health: { address: 'https://api.contoso.internal/health' },
  };
  const to = (name: string, effect: 'allow' | 'deny', request: ConnectivityParameters): boolean => {
    const rules = [{ id: 'it', effect, destinations: [`endpoint:${name}`] }, ...(effect === 'deny' ? [allow] : [])];
    return decide(policyOf(rules, { endpoints }), callerOf(), request).allowed;
  };

  it('match the raw target, and only their port where they have one', () => {
    expect(to('sql', 'allow', requestOf({ address: 'sql.contoso.internal', port: 1433 }))).toBe(true);
    expect(to('sql', 'allow', requestOf({ address: 'sql.contoso.internal', port: 1434 }))).toBe(false);
    expect(to('sql', 'deny', requestOf({ address: 'sql.contoso.internal', port: 1433 }))).toBe(false);
    expect(to('sql', 'deny', requestOf({ address: 'sql.contoso.internal', port: 1434 }))).toBe(true);
    expect(to('ip', 'allow', requestOf('10.5.0.1'))).toBe(true);
    expect(to('ip', 'deny', requestOf('64:ff9b::a05:1'))).toBe(false);
    expect(to('web-01', 'allow', requestOf({ resourceId: vm('WEB-01'), port: 22 }))).toBe(true);
    expect(to('web-01', 'allow', requestOf({ resourceId: vm('web-02'), port: 22 }))).toBe(false);
  });

  it('with a port leave it open where the request has none', () => {
    expect(to('sql', 'allow', requestOf({ address: 'sql.contoso.internal' }))).toBe(false);
    expect(to('sql', 'deny', requestOf({ address: 'sql.contoso.internal' }))).toBe(false);
    expect(to('sql', 'deny', requestOf({ address: 'sql.contoso.internal' }, { protocol: 'Icmp' }))).toBe(true);
    expect(to('sql', 'deny', requestOf({ address: 'other.contoso.internal' }))).toBe(true);
  });

  it('that are a URI allow that URI alone, and deny every path of its host on its port', () => {
    const uri = (address: string) => requestOf({ address }, { protocol: 'Https' });
    expect(to('health', 'allow', uri('https://api.contoso.internal/health'))).toBe(true);
    expect(to('health', 'allow', uri('https://api.contoso.internal/admin'))).toBe(false);
    expect(to('health', 'allow', requestOf('api.contoso.internal'))).toBe(false);
    expect(to('health', 'deny', uri('https://api.contoso.internal/admin'))).toBe(false);
    expect(to('health', 'deny', requestOf('api.contoso.internal'))).toBe(false);
    expect(to('health', 'deny', uri('https://api.contoso.internal:8443/health'))).toBe(true);
  });

  it('match as sources', () => {
    const policy = policyOf([{ ...allow, sources: ['endpoint:web-01'] }], { endpoints });
    expect(decide(policy, callerOf(), requestOf('10.0.0.1')).allowed).toBe(true);
    expect(decide(policy, callerOf(), requestOf('10.0.0.1', { source: vm('web-02') })).allowed).toBe(false);
  });
});

describe('what a request leaves open', () => {
  const bare = requestOf({ address: '10.0.0.1' });

  it('matches no allow rule that asks for it', () => {
    expect(allows([{ ...allow, protocols: ['Tcp'] }], withoutProtocol(requestOf('10.0.0.1')))).toBe(false);
    expect(allows([{ ...allow, ports: ['1-65535'] }], bare)).toBe(false);
    expect(allows([{ ...allow, ports: ['1-65535'] }], requestOf({ address: '10.0.0.1', port: 0 }))).toBe(false);
    expect(allows([allow], withoutProtocol(bare))).toBe(true);
  });

  it('is refused where a deny rule asks for it, with what to give', () => {
    const policy = policyOf([allow, { ...deny, destinations: ['10.0.0.0/8'], ports: ['22'], protocols: ['Tcp'] }]);
    expect(decide(policy, callerOf(), withoutProtocol(bare))).toEqual({
      allowed: false,
      rule: 'deny',
      reason: 'Rule "deny" denies some of what the request leaves open: give the port and the protocol and ask again.',
      policy: policy.hash,
      roles: ['Check.Request'],
    });
    expect(decide(policy, callerOf(), withoutProtocol(requestOf({ address: '10.0.0.1', port: 23 }))).allowed).toBe(
      true,
    );
    expect(decide(policy, callerOf(), requestOf({ address: '10.0.0.1' }, { protocol: 'Https' })).allowed).toBe(true);
    expect(decide(policy, callerOf(), withoutProtocol(requestOf({ address: '11.0.0.1' }))).allowed).toBe(true);
  });

  it('is no port where the protocol is Icmp, which has none', () => {
    const ping = requestOf({ address: '10.0.0.1' }, { protocol: 'Icmp' });
    expect(allows([allow, { ...deny, ports: ['22'] }], ping)).toBe(true);
    expect(allows([{ ...allow, ports: ['22'] }], ping)).toBe(false);
  });

  it('leaves a resource id to the hops where a deny rule names a range', () => {
    const rules = [allow, { ...deny, destinations: ['10.0.0.0/8'] }];
    expect(allows(rules, requestOf({ resourceId: vm('sql-01'), port: 1433 }))).toBe(true);
  });
});

describe('a token that lists too many groups', () => {
  const overage = callerOf({ groups: [groups.one], groupsOverage: true });
  const grouped = { requesters: { groups: [groups.one] } };
  const request = requestOf('10.0.0.1');
  const reason = (rules: readonly object[]) => decide(policyOf(rules), overage, request);

  it('is refused where a group could allow, with what to do', () => {
    expect(reason([{ ...allow, ...grouped }])).toMatchObject({
      allowed: false,
      reason: expect.stringMatching(/^Your token lists too many groups .* app role/),
    });
    expect(reason([{ ...allow, ...grouped }])).not.toHaveProperty('rule');
  });

  it('is refused where a group could deny', () => {
    expect(reason([allow, { ...deny, ...grouped }])).toMatchObject({
      allowed: false,
      reason: expect.stringMatching(/^Your token lists too many groups/),
    });
  });

  it('is no matter where groups cannot change the outcome', () => {
    expect(reason([allow]).allowed).toBe(true);
    expect(reason([allow, { ...allow, id: 'too', ...grouped }]).allowed).toBe(true);
    expect(reason([allow, { ...deny, ...grouped, destinations: ['10.1.0.0/16'] }]).allowed).toBe(true);
    expect(reason([{ ...allow, ...grouped, ports: ['22'] }]).reason).toMatch(/^No rule/);
    expect(reason([deny, { ...allow, ...grouped }]).rule).toBe('deny');
    expect(reason([{ ...deny, ...grouped }]).reason).toMatch(/^No rule/);
  });
});

describe('an exception from a deny', () => {
  const noPci = { ...deny, destinations: ['10.99.0.0/16'] };
  const toPci = requestOf('10.99.0.1');
  const team = { groups: [groups.one] };
  const member = callerOf({ groups: [groups.one] });

  it('lets those whom it names do what another rule allows, and nothing more', () => {
    expect(allows([allow, { ...noPci, except: team }], toPci, member)).toBe(true);
    expect(allows([allow, { ...noPci, except: team }], toPci)).toBe(false);
    expect(allows([{ ...noPci, except: team }], toPci, member)).toBe(false);
    expect(allows([allow, { ...noPci, except: team }, { ...noPci, id: 'too' }], toPci, member)).toBe(false);
  });

  it('wants every member of it to match, as requesters do', () => {
    const both = { ...noPci, except: { ...team, roles: ['Payments'] } };
    expect(allows([allow, both], toPci, member)).toBe(false);
    expect(allows([allow, both], toPci, callerOf({ groups: [groups.one], roles: ['Payments'] }))).toBe(true);
  });

  it('is taken from those whom the rule is about', () => {
    const rule = { ...noPci, requesters: { via: ['slack'] }, except: team };
    expect(allows([allow, rule], toPci)).toBe(true);
    expect(allows([allow, rule], toPci, callerOf({ via: 'slack' }))).toBe(false);
    expect(allows([allow, rule], toPci, callerOf({ via: 'slack', groups: [groups.one] }))).toBe(true);
  });

  it('is open, and so refused, where the token lists too many groups', () => {
    const overage = callerOf({ groupsOverage: true });
    const policy = policyOf([allow, { ...noPci, except: team }]);
    expect(decide(policy, overage, toPci).reason).toMatch(/^Your token lists too many groups/);
    expect(decide(policy, overage, requestOf('10.98.0.1')).allowed).toBe(true);
  });
});
