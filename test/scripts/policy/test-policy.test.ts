import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { parseExpectations } from '../../../scripts/policy/expectations.ts';
import { testPolicy } from '../../../scripts/policy/test-policy.ts';
import {
  type ConnectivityParameters,
  type Protocol,
  protocolSchema,
} from '../../../src/arm/connectivity-parameters.ts';
import { numRuns, ofRuns } from '../../support/run/num-runs.ts';
import { canBeRule, callerOf, decide, groups, policyOf, subscription, vm } from '../../policy/asking.ts';

const endpoints = { sql: { address: '10.1.2.4', port: 1433 }, web: { resourceId: vm('web-01') } };

function whyNot(rules: readonly object[], expectation: object): string | undefined {
  const policy = policyOf(rules, { endpoints });
  const [result] = testPolicy(policy, parseExpectations(JSON.stringify([{ name: 'it', ...expectation }]), policy));
  return result?.why;
}

const allow = { id: 'a', effect: 'allow', destinations: ['10.1.0.0/16'], ports: [443], protocols: ['Tcp'] };
const deny = { id: 'd', effect: 'deny', destinations: ['10.1.0.0/16'] };
const range = { mayNot: { destination: '10.1.0.0/16' } };

interface Asked {
  readonly destination: string;
  readonly source?: string | undefined;
  readonly port?: number | undefined;
  readonly protocol?: Protocol | undefined;
}

/** Requests that ask for it, with what it leaves open filled in. */
function fillings({ destination, source, port, protocol }: Asked): readonly ConnectivityParameters[] {
  const network = ipaddr.parseCIDR(destination.includes('/') ? destination : `${destination}/32`);
  const addresses = ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3'].filter((each) =>
    ipaddr.parse(each).match(network),
  );
  const sources = source === undefined ? [vm('a'), vm('b'), vm('web-01')] : [source];
  const ports = port === undefined ? [443, 22, undefined] : [port];
  const protocols = protocol === undefined ? ([...protocolSchema.options, undefined] as const) : [protocol];
  return addresses.flatMap((address) =>
    sources.flatMap((resourceId) =>
      ports.flatMap((each) =>
        protocols.map((one) => ({ source: { resourceId }, destination: { address, port: each }, protocol: one })),
      ),
    ),
  );
}

describe('what a requester may', () => {
  const may = { source: 'endpoint:web', destination: '10.1.2.4', port: 443, protocol: 'tcp' };

  it('holds where policy allows it, and is told as a refusal would be where it does not', () => {
    expect(whyNot([allow], { may })).toBeUndefined();
    expect(whyNot([allow], { may: { ...may, port: 22 } })).toMatch(
      /^No rule allows this check. Rule "a" allows it with/,
    );
    expect(whyNot([allow, deny], { may })).toMatch(/^Rule "d" denies it/);
    expect(
      whyNot([{ ...allow, ports: [1433] }], { may: { source: vm('x'), destination: 'endpoint:sql', protocol: 'Tcp' } }),
    ).toBeUndefined();
  });

  it('depends on who the requester is', () => {
    const rule = { ...allow, requesters: { groups: [groups.one] } };
    expect(whyNot([rule], { may })).toBeDefined();
    expect(whyNot([rule], { may, requester: { groups: [groups.one.toUpperCase()] } })).toBeUndefined();
    const byId = { ...allow, requesters: { ids: [`${groups.one}/${groups.two}`], via: ['slack'] } };
    expect(whyNot([byId], { may, requester: { id: `${groups.one}/${groups.two}`, via: 'Slack' } })).toBeUndefined();
  });
});

describe('what a requester may not', () => {
  it('is proven for a range where no rule allows any of it, or rules deny all of it', () => {
    expect(whyNot([{ ...allow, destinations: ['10.2.0.0/16', '*.contoso.com'] }], range)).toBeUndefined();
    expect(whyNot([allow, deny], range)).toBeUndefined();
    expect(whyNot([allow, { ...deny, destinations: ['10.1.0.0/17', '10.1.128.0/17'] }], range)).toBeUndefined();
    expect(
      whyNot([allow, { ...deny, requesters: { via: ['slack'] } }], { ...range, requester: { via: 'slack' } }),
    ).toBeUndefined();
    expect(whyNot([{ ...allow, requesters: { roles: ['Payments'] } }], range)).toBeUndefined();
    expect(
      whyNot([{ ...allow, destinations: undefined }], { mayNot: { destination: '169.254.169.254' } }),
    ).toBeUndefined();
  });

  it('is answered with a request that is allowed', () => {
    expect(whyNot([allow], range)).toBe(
      'rule "a" allows 10.1.0.0 port 443 Tcp from /subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/any/providers/Microsoft.Compute/virtualMachines/any',
    );
    expect(whyNot([allow, { ...deny, destinations: ['10.1.0.0/17'] }], range)).toContain('allows 10.1.128.0 port 443');
    const sources = [`${subscription}/resourceGroups/rg-*/**`];
    expect(whyNot([{ ...allow, sources }], range)).toContain(`from ${subscription}/resourceGroups/rg-x/providers/`);
    expect(whyNot([{ ...allow, destinations: ['endpoint:sql'], ports: undefined }], range)).toContain(
      '10.1.2.4 port 1433',
    );
  });

  it('is not proven by a rule that denies only some sources, ports, protocols or requesters', () => {
    for (const some of [
      { sources: [vm('x')] },
      { ports: [443] },
      { protocols: ['Tcp'] },
      { requesters: { via: ['slack'] } },
    ])
      expect(whyNot([allow, { ...deny, ...some }], range)).toMatch(
        /^(?:cannot be proven: rule "a" may allow what begins at 10\.1\.0\.0|rule "a" allows)/,
      );
    const asked = { mayNot: { ...range.mayNot, source: vm('x'), port: 443, protocol: 'Tcp' } };
    for (const some of [{ sources: [vm('x')] }, { ports: [443] }, { protocols: ['Tcp'] }])
      expect(whyNot([allow, { ...deny, ...some }], asked)).toBeUndefined();
    expect(
      whyNot([allow, { ...deny, except: { groups: [groups.one] } }], { ...range, requester: { groups: [groups.one] } }),
    ).toContain('rule "a" allows');
  });

  it('can be a name, an id, a URI or an endpoint too', () => {
    const names = { ...allow, destinations: ['*.contoso.com', vm('sql')], ports: undefined, protocols: undefined };
    for (const destination of ['db.contoso.com', vm('sql'), 'https://db.contoso.com/']) {
      expect(whyNot([names], { mayNot: { destination } })).toContain('rule "a" allows');
      expect(whyNot([names, { id: 'd', effect: 'deny' }], { mayNot: { destination } })).toBeUndefined();
      expect(whyNot([], { mayNot: { destination } })).toBeUndefined();
    }
    expect(whyNot([names], { mayNot: { destination: 'contoso.org' } })).toBeUndefined();
    expect(whyNot([allow], { mayNot: { destination: 'endpoint:sql' } })).toBeUndefined();
  });

  it('is refused in every way to fill what is left open, wherever that is said to be proven', () => {
    const networks = fc.constantFrom(
      '10.0.0.0/30',
      '10.0.0.0/31',
      '10.0.0.2/31',
      '10.0.0.1',
      '0.0.0.0/0',
      '**',
      'endpoint:sql',
      '::/0',
    );
    const list = <T>(item: fc.Arbitrary<T>) =>
      fc.option(fc.array(item, { minLength: 1, maxLength: 2 }), { nil: undefined });
    const rule = fc
      .record({
        effect: fc.constantFrom('allow', 'deny'),
        destinations: list(networks),
        sources: list(fc.constantFrom(vm('a'), vm('*'), 'endpoint:web')),
        ports: list(fc.constantFrom(443, '1-1000')),
        protocols: list(fc.constantFrom('Tcp', 'Icmp')),
      })
      .filter((each) => canBeRule(each));
    const part = <const T>(...items: T[]) => fc.option(fc.constantFrom(...items), { nil: undefined });
    const asked = fc.record({
      destination: fc.constantFrom('10.0.0.0/30', '10.0.0.2/31', '10.0.0.1'),
      source: part(vm('a'), vm('b')),
      port: part(443, 22),
      protocol: part('Tcp', 'Icmp'),
    });
    const outcomes = { proven: 0, not: 0 };
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), asked, (rules, mayNot) => {
        const named = rules.map((each, index) => ({ ...each, id: `r${index}` }));
        const policy = policyOf(named, { endpoints: { ...endpoints, sql: { address: '10.0.0.3', port: 443 } } });
        const [result] = testPolicy(policy, parseExpectations(JSON.stringify([{ name: 'x', mayNot }]), policy));
        outcomes[result?.why === undefined ? 'proven' : 'not'] += 1;
        if (result?.why !== undefined) return;
        for (const request of fillings(mayNot)) expect(decide(policy, callerOf(), request).allowed).toBe(false);
      }),
      { numRuns: numRuns(1500) },
    );
    expect(Math.min(outcomes.proven, outcomes.not)).toBeGreaterThan(ofRuns(200));
  });
});

describe('expectations', () => {
  it('that would hold for the wrong reason, or say nothing, are refused, each with its place', () => {
    const policy = policyOf([allow], { endpoints });
    const text = `[
      { "name": "a", "requester": { "groups": ["team-shop"], "roles": ["Check.Requester"] }, "mayNot": { "destination": "10.0.0.0/8" } },
      { "name": "b" },
      { "name": "c", "may": { "destination": "10.1.0.1" } },
      { "name": "d", "may": { "source": "endpoint:web", "destination": "10.1.0.0/24" } },
      { "name": "e", "mayNot": { "destination": "endpoint:gone" } },
      { "name": "f", "mayNot": { "destination": "*.contoso.com", "port": 0 }, "mayNot": {} }
    ]`;
    const read = (given: string) => () => parseExpectations(given, policy);
    expect(read(text)).toThrow(/\[5\]\.mayNot \(line 7\): is given in line 7 and again/);
    const good = text.replace(/,\n +\{ "name": "f".*\n/, '\n');
    expect(read(good)).toThrow(
      [
        '- [1] (line 3): give either may or mayNot, or mayCall or mayNotCall, or mayRun or mayNotRun',
        '- [2].may.source (line 4): write the resource id of one source, or endpoint:name',
        '- [3].may.destination (line 5): write one address: a range is for mayNot',
        '- [4].mayNot.destination (line 6): "endpoint:gone" is no address, range, host name, URI, whole resource id or endpoint:name of the policy',
        '- [0].requester.groups[0] (line 2): "team-shop" matches nobody: write the object id of the Entra group',
        '- [0].requester.roles[0] (line 2): "Check.Requester" matches nobody: did you mean "Check.Request"?',
      ].join('\n'),
    );
    expect(read('[')).toThrow('the file is not JSON');
  });

  it('of the sample hold for the sample', () => {
    const file = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
    const { rules, ...more } = JSON.parse(file('policy.sample.json')) as { rules: object[] };
    const policy = policyOf(rules, more);
    const results = testPolicy(policy, parseExpectations(file('policy.sample.tests.json'), policy));
    expect(results.filter(({ why }) => why !== undefined)).toEqual([]);
    expect(results.length).toBeGreaterThan(3);
  });
});

describe('an expectation of a callback', () => {
  const policy = policyOf([], { callbacks: ['https://hooks.example.com/**'] });
  const why = (expectation: object): string | undefined =>
    testPolicy(policy, parseExpectations(JSON.stringify([{ name: 'it', ...expectation }]), policy))[0]?.why;

  it('holds or says why not', () => {
    expect(why({ mayCall: 'https://hooks.example.com/a' })).toBeUndefined();
    expect(why({ mayNotCall: 'https://evil.example.com/a' })).toBeUndefined();
    expect(why({ mayCall: 'https://evil.example.com/a' })).toContain('names no address of callbacks');
    expect(why({ mayNotCall: 'https://hooks.example.com/a' })).toContain('callbacks');
  });

  it('is one of the six, alone', () => {
    for (const wrong of [{}, { mayCall: 'https://a.example/', mayNotCall: 'https://b.example/' }])
      expect(() => why(wrong)).toThrow('give either may or mayNot, or mayCall or mayNotCall, or mayRun or mayNotRun');
  });
});

describe('a set of the policy', () => {
  const sets = {
    orders: {
      requesters: { groups: [groups.one] },
      sources: [{ endpoint: 'web' }],
      destinations: [{ endpoint: 'sql' }, { address: '10.1.2.5', port: 1433 }],
    },
    byName: { sources: [{ name: 'web-01' }], destinations: [{ endpoint: 'sql' }] },
  };
  const why = (rules: readonly object[], expectation: object): string | undefined => {
    const policy = policyOf(rules, { endpoints, sets });
    const [result] = testPolicy(policy, parseExpectations(JSON.stringify([{ name: 'it', ...expectation }]), policy));
    return result?.why;
  };
  const shop = { requester: { groups: [groups.one] } };
  const all = [{ id: 'a', effect: 'allow' }];

  it('may be run where it is open, and every check of it is allowed', () => {
    expect(why(all, { ...shop, mayRun: 'orders' })).toBeUndefined();
    expect(why(all, { mayRun: 'orders' })).toBe('the set is closed to this requester');
    expect(why(all, { mayNotRun: 'orders' })).toBeUndefined();
    expect(why(all, { ...shop, mayNotRun: 'orders' })).toBe('the set is open to this requester');
    const some = [{ id: 'a', effect: 'allow', destinations: ['endpoint:sql'] }];
    expect(why(some, { ...shop, mayRun: 'orders' })).toMatch(/^sources\[0\] to destinations\[1\]: No rule allows you/);
    expect(why(all, { mayRun: 'byName' })).toMatch(/its source is a machine by name/);
    expect(() => why(all, { mayRun: 'none' })).toThrow('the policy has no set "none"');
  });
});
