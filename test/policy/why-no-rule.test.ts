import { describe, expect, it } from 'vitest';
import { applicableTo } from '../../src/policy/applicable.ts';
import { callerOf, decide, groups, policyOf, requestOf, vm } from './asking.ts';

const shop = {
  id: 'shop',
  effect: 'allow',
  sources: [vm('web-*')],
  destinations: ['10.1.0.0/16', '*.shop.contoso.com'],
  ports: ['443', '8000-8099'],
  protocols: ['Tcp', 'Https'],
};
const why = (request: Parameters<typeof decide>[2], rules: readonly object[] = [shop], caller = callerOf()) =>
  decide(policyOf(rules, { endpoints: { sql: { address: '10.5.0.1', port: 1433 } } }), caller, request).reason;
const withoutProtocol = ({ source, destination }: ReturnType<typeof requestOf>) => ({ source, destination });

describe('a refusal that no rule explains', () => {
  it('names the protocol or the port that a rule wants, and what was given', () => {
    expect(why(withoutProtocol(requestOf('10.1.2.3')))).toBe(
      'No rule allows this check. Rule "shop" allows it with protocol Tcp or Https; you gave none. ' +
        "For anything else ask the proxy's operators.",
    );
    expect(why(requestOf({ address: '10.1.2.3', port: 22 }))).toContain(
      'Rule "shop" allows it with port 443 or 8000-8099; you gave 22.',
    );
    expect(why(withoutProtocol(requestOf({ address: '10.1.2.3', port: 22 })))).toContain(
      'allows it with port 443 or 8000-8099 and protocol Tcp or Https; you gave port 22 and no protocol.',
    );
    expect(why(requestOf({ address: 'https://a.shop.contoso.com:8443/', port: 22 }, { protocol: 'Https' }))).toContain(
      'you gave 8443 and 22.',
    );
    const endpoint = { id: 'sql', effect: 'allow', destinations: ['endpoint:sql'] };
    expect(why(requestOf({ address: '10.5.0.1' }), [endpoint])).toContain(
      'Rule "sql" allows it with the port of its endpoint; you gave none.',
    );
  });

  it('says that no rule has the source or the destination, and what the nearest has', () => {
    expect(why(requestOf('10.2.0.1'))).toBe(
      "No rule allows you this destination: ask the proxy's operators whether it can be allowed. " +
        'The nearest is rule "shop", which allows checks to 10.1.0.0/16 or *.shop.contoso.com.',
    );
    expect(why(requestOf('10.1.0.1', { source: vm('db-01') }))).toContain(
      `No rule allows you this source: ask the proxy's operators whether it can be allowed. The nearest is rule "shop", which allows checks from ${vm('web-*')}.`,
    );
    expect(why(requestOf({ address: '10.2.0.1', port: 22 }, { source: vm('db-01'), protocol: 'Icmp' }))).toMatch(
      /^No rule allows you this source and this destination: .* from \S+ to \S+ or \S+ with port 443 or 8000-8099 and protocol Tcp or Https \(you gave port 22 and protocol Icmp\)\.$/,
    );
    const db = { id: 'db', effect: 'allow', sources: [vm('db-01')], destinations: ['10.2.0.0/16'] };
    expect(why(requestOf('10.2.0.1'), [shop, db])).toMatch(/^No rule allows you this destination from this source: /);
    const many = { id: 'm', effect: 'allow', destinations: [1, 2, 3, 4, 5, 6].map((n) => `10.${n}.0.0/16`) };
    expect(why(requestOf('10.9.0.1'), [many])).toContain('10.3.0.0/16, 10.4.0.0/16 or 2 more.');
  });

  it('chooses the rule that needs the least change, the first by id among equals', () => {
    const other = { ...shop, id: 'a', destinations: ['10.2.0.0/16'] };
    expect(why(requestOf({ address: '10.1.0.1', port: 22 }), [other, shop])).toContain('Rule "shop" allows it');
    expect(why(requestOf('10.9.0.1'), [shop, other])).toContain('The nearest is rule "a"');
  });

  it('sees that a resource id was given for an address, or an address for an id', () => {
    expect(why(requestOf({ resourceId: vm('sql'), port: 443 }))).toContain(
      'It names addresses, and you gave a resource id: try its address.',
    );
    expect(why(requestOf('10.1.0.1'), [{ ...shop, destinations: [vm('sql')] }])).toContain(
      'It names resource ids, and you gave an address: try the id of its resource.',
    );
    expect(why(requestOf('10.9.0.1'))).not.toContain('It names');
  });

  it('tells of no rule that the caller does not see', () => {
    const rules = [
      { ...shop, id: 'theirs', requesters: { groups: [groups.two] } },
      { ...shop, id: 'apps', requesters: { roles: ['Payments'] } },
    ];
    const nothing = "No rule of the policy allows this check: ask the proxy's operators whether it can be allowed.";
    expect(why(requestOf('10.9.0.1'), rules)).toBe(nothing);
    expect(why(requestOf('10.9.0.1'), rules, callerOf({ groupsOverage: true }))).toBe(nothing);
    expect(why(requestOf('10.9.0.1'), rules, callerOf({ groups: [groups.two] }))).toContain('rule "theirs"');
    expect(applicableTo(policyOf(rules), callerOf()).rules).toEqual([]);
  });
});
