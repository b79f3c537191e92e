import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectivityParameters } from '../../src/arm/connectivity-parameters.ts';
import { dotted, embeddings, octets, spellingOf, uriOf } from '../address/spellings.ts';
import { callerOf, canBeRule, groups, policyOf, requestOf, subscription, vm, decide } from './asking.ts';
import { numRuns, ofRuns } from '../support/run/num-runs.ts';

const endpoints = { sql: { address: 'sql.contoso.internal', port: 1433 }, web: { resourceId: vm('web-01') } };

const some = <T>(...items: readonly T[]) => fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 2 });
const sources = [vm('web-01'), vm('web-*'), `${subscription}/**`, 'endpoint:web'];
const destinations = ['10.0.0.0/9', '10.99.0.0/16', '*.contoso.internal', 'endpoint:sql', 'endpoint:web', vm('sql-01')];
const members = fc.record(
  {
    requesters: fc.record(
      { groups: some(groups.one, groups.two), roles: some('Check.Request', 'Payments'), via: some('http', 'slack') },
      { requiredKeys: [] },
    ),
    sources: some(...sources),
    destinations: some(...destinations, '0.0.0.0/0', '::/0', '**'),
    ports: some('443', '22', '1-1024', '1433'),
    protocols: some('Tcp', 'Https', 'Icmp'),
  },
  { requiredKeys: [] },
);
const excepts = fc.record(
  { groups: some(groups.one, groups.two), roles: some('Check.Request', 'Payments'), via: some('http', 'slack') },
  { requiredKeys: [] },
);
const ruleOf = (effect: 'allow' | 'deny') =>
  fc
    .tuple(members, fc.option(excepts))
    .map(([rule, except]) => ({
      ...rule,
      ...(effect === 'deny' && except && Object.keys(except).length > 0 && { except }),
      effect,
    }))
    .filter((rule) => canBeRule(rule, { endpoints }));
const anyRules = fc.array(fc.oneof(ruleOf('allow'), ruleOf('allow'), ruleOf('deny')), { maxLength: 5 });

const anyDestination = fc.oneof(
  fc.record(
    {
      address: fc.constantFrom('10.1.2.3', '10.99.0.1', '64:ff9b::a63:1', 'sql.contoso.internal', 'contoso.com', '::1'),
      port: fc.constantFrom(0, 22, 443, 1433),
    },
    { requiredKeys: ['address'] },
  ),
  fc.constantFrom({ address: 'https://a.contoso.internal:443/', port: 22 }, { address: 'http://10.99.0.1/' }),
  fc.constantFrom({ resourceId: vm('web-01'), port: 22 }, { resourceId: vm('sql-01'), port: 1433 }),
);
const anyRequest: fc.Arbitrary<ConnectivityParameters> = fc.record(
  {
    source: fc.constantFrom({ resourceId: vm('web-01') }, { resourceId: vm('db', 'rg-other') }),
    destination: anyDestination,
    protocol: fc.constantFrom('Tcp', 'Https', 'Icmp'),
  },
  { requiredKeys: ['source', 'destination'] },
);
const anyCaller = fc
  .record({
    roles: fc.subarray(['Check.Request', 'Payments']),
    groups: fc.subarray([groups.one, groups.two]),
    groupsOverage: fc.boolean(),
    via: fc.constantFrom('http', 'slack'),
  })
  .map((more) => callerOf(more));

const build = (rules: readonly object[]) =>
  policyOf(
    rules.map((rule, index) => ({ id: `r${index}`, ...rule })),
    { endpoints },
  );

describe('decide', () => {
  it('never allows more for another deny rule', () => {
    let flipped = 0;
    // Where nothing is allowed, no deny shows.
    const rulesWithAllow = fc.oneof(
      anyRules,
      anyRules.map((rules) => [{ effect: 'allow' }, ...rules]),
    );
    fc.assert(
      fc.property(rulesWithAllow, ruleOf('deny'), anyCaller, anyRequest, (rules, rule, caller, request) => {
        const before = decide(build(rules), caller, request).allowed;
        const after = decide(build([...rules, rule]), caller, request).allowed;
        if (before !== after) flipped += 1;
        expect(after && !before).toBe(false);
      }),
      { numRuns: numRuns(4000) },
    );
    expect(flipped).toBeGreaterThan(0);
  });

  it('never allows what a deny names, whatever else is allowed', () => {
    let denied = 0;
    fc.assert(
      fc.property(anyRules, ruleOf('deny'), anyCaller, anyRequest, (rules, rule, caller, request) => {
        const named = (more: readonly object[]) => decide(build([rule, ...more]), caller, request).rule === 'r0';
        if (!named([])) return;
        denied += 1;
        expect(decide(build([rule, { effect: 'allow' }, ...rules]), caller, request).allowed).toBe(false);
      }),
      { numRuns: numRuns(4000) },
    );
    expect(denied).toBeGreaterThan(ofRuns(10));
  });

  it('does not depend on the order of the rules', () => {
    fc.assert(
      fc.property(
        anyRules.chain((rules) => {
          const named = rules.map((rule, index) => ({ id: `r${index}`, ...rule }));
          const shuffled = fc.shuffledSubarray(named, { minLength: named.length, maxLength: named.length });
          return shuffled.map((other) => ({ named, other }));
        }),
        anyCaller,
        anyRequest,
        ({ named, other }, caller, request) => {
          const { policy: hash, ...decision } = decide(policyOf(named, { endpoints }), caller, request);
          expect(hash).toMatch(/^[0-9a-f]{64}$/);
          expect(decide(policyOf(other, { endpoints }), caller, request)).toMatchObject(decision);
        },
      ),
      { numRuns: numRuns(3000) },
    );
  });

  it('allows what leaves something open only where every way of filling it is allowed', () => {
    let allowed = 0;
    fc.assert(
      fc.property(anyRules, anyCaller, anyRequest, (rules, caller, { source, destination }) => {
        const request = { source, destination };
        const policy = build([{ effect: 'allow' }, ...rules]);
        if (!decide(policy, caller, request).allowed) return;
        allowed += 1;
        for (const protocol of ['Tcp', 'Http', 'Https', 'Icmp'] as const) {
          expect(decide(policy, caller, { ...request, protocol }).allowed).toBe(true);
        }
        for (const member of [[], [groups.one], [groups.two], [groups.one, groups.two]]) {
          const full = { ...caller, groups: caller.groupsOverage ? member : caller.groups, groupsOverage: false };
          expect(decide(policy, full, request).allowed).toBe(true);
        }
      }),
      { numRuns: numRuns(3000) },
    );
    expect(allowed).toBeGreaterThan(ofRuns(200));
  });

  it('denies an address in every spelling and every form that embeds it', () => {
    const spelled = octets
      .filter(([first]) => first > 0)
      .chain((ip) => {
        const forms = fc.constantFrom(...embeddings).map(({ of }) => of(ip));
        const plain = spellingOf(ip);
        return fc.oneof(plain, plain.chain(uriOf), forms, forms.chain(uriOf)).map((text) => ({ ip, text }));
      });
    fc.assert(
      fc.property(spelled, fc.integer({ min: 8, max: 32 }), ({ ip, text }, bits) => {
        const number = ((ip[0] * 256 + ip[1]) * 256 + ip[2]) * 256 + ip[3];
        const size = 2 ** (32 - bits);
        const base = Math.floor(number / size) * size;
        const network = dotted(
          [base / 2 ** 24, base / 2 ** 16, base / 2 ** 8, base].map((n) => Math.floor(n) % 256) as never,
        );
        const policy = policyOf([
          { id: 'all', effect: 'allow' },
          { id: 'no', effect: 'deny', destinations: [`${network}/${bits}`] },
        ]);
        const { allowed, reason } = decide(policy, callerOf(), requestOf(text));
        expect(allowed).toBe(false);
        expect(reason).toMatch(/^(?:Rule "no" denies it|Loopback)/);
      }),
      { numRuns: numRuns(8000) },
    );
  });
});
