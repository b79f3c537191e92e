import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policyJsonSchema } from '../../src/policy/document/policy-json-schema.ts';
import { sampleCaller } from '../support/samples.ts';
import { writtenSide } from '../../src/contract/request/side.ts';
import { findNamedTarget } from '../../src/policy/find-named-target.ts';
import { faultsIn, policyOf, vm } from './asking.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('parsePolicy', () => {
  it('names all faults of a file together, each with its path', () => {
    const faults = faultsIn({
      version: 1,
      colour: 'blue',
      endpoints: {
        none: {},
        both: { resourceId: vm('a'), address: '10.0.0.1', size: 1 },
        odd: { address: 'https://a:b@contoso.com/' },
        ports: { address: 'https://contoso.com:8443/', port: 443 },
        host: { address: 'contoso.com', port: 0 },
        'a name': { address: 'contoso.com' },
        id: { resourceId: '/subscriptions/x' },
      },
      rules: [
        { id: 'one', effect: 'permit', source: ['**'], requesters: { group: ['a'], via: ['fax'], ids: ['alice'] } },
        {
          id: 'two',
          effect: 'allow',
          sources: ['10.0.0.0/8', 'endpoint:host'],
          destinations: ['10.0.0.0/33', '/a/**'],
        },
        { id: 'one', effect: 'deny', destinations: ['endpoint:gone', 7], ports: ['0'], protocols: ['Udp'] },
        { effect: 'deny', destinations: [] },
      ],
      limits: { active: 0, requestsPerMinute: 1.5, perDay: 3 },
    });
    expect(faults.map((fault) => fault.replace(/: .*/s, '')).toSorted()).toEqual(
      [
        ...['colour', 'endpoints.none', 'endpoints.both', 'endpoints.both.size', 'endpoints.odd.address'],
        ...['endpoints.ports.port', 'endpoints.host.port', 'endpoints.a name', 'endpoints.id.resourceId'],
        ...['rules[0].effect', 'rules[0].source', 'rules[0].requesters.group', 'rules[0].requesters.via[0]'],
        ...['rules[0].requesters.ids[0]', 'rules[1].sources[0]', 'rules[1].sources[1]', 'rules[1].destinations[0]'],
        ...['rules[1].destinations[1]', 'rules[2].id', 'rules[2].destinations[0]', 'rules[2].destinations[1]'],
        ...['rules[2].ports[0]', 'rules[2].protocols[0]', 'rules[3].id', 'rules[3].destinations'],
        ...['limits.active', 'limits.requestsPerMinute', 'limits.perDay'],
      ].toSorted(),
    );
  });

  it('says what is wrong and what to write', () => {
    const rules = [
      { id: 'a', effect: 'allow', ports: ['99999'], source: [] },
      { id: 'a', effect: 'deny', destinations: ['endpoint:x'] },
    ];
    expect(faultsIn({ version: 1, rules })).toEqual([
      'rules[0].ports[0]: write a port from 1 to 65535, such as "443", or a range, such as "8000-8099"',
      'rules[0].source: is unknown here: correct the name or leave it out',
      'rules[1].id: "a" is the id of rules[0] too: give each rule its own',
      'rules[1].destinations[0]: "endpoint:x" is not among endpoints: add it there or correct the name',
    ]);
  });

  it.each([
    ['', /^the file is not JSON: /],
    ['{', /^the file is not JSON: /],
    ['null', /^the policy: /],
    ['[]', /^the policy: /],
    ['{"rules":[]}', /^version: /],
    ['{"version":2,"rules":[]}', /^version: /],
    ['{"version":1}', /^rules: /],
    ['{"version":1,"rules":[null]}', /^rules\[0\]: /],
  ])('refuses the file %j', (text, fault) => {
    expect(faultsIn(text)).toEqual([expect.stringMatching(fault)]);
  });

  it('takes a file that begins with a byte order mark', () => {
    expect(faultsIn('\ufeff{"version":1,"rules":[]}')).toEqual([]);
  });

  it('takes a door for `via`, and none of the clients that come in by http', () => {
    const rule = (via: string) => [{ id: 'one', effect: 'allow', requesters: { via: [via] } }];
    for (const via of ['http', 'arm', 'slack', 'teams', 'mcp'])
      expect(faultsIn({ version: 1, rules: rule(via) })).toEqual([]);
    for (const via of ['cli', 'web'])
      expect(faultsIn({ version: 1, rules: rule(via) })).toEqual([
        expect.stringMatching(/^rules\[0\]\.requesters\.via\[0\]: /),
      ]);
  });

  it('reads limits, and leaves out what is not given', () => {
    expect(policyOf([], { limits: { active: 3, comment: 'few' } }).limits).toEqual({ active: 3 });
    expect(policyOf([]).limits).toEqual({});
  });

  it('finds endpoints in their one spelling, and nothing under a name that objects have anyway', () => {
    const endpoints = {
      sql: { address: 'SQL.Contoso.Internal.', port: 1433, comment: 'x' },
      web: { resourceId: vm('web-01').replace('resourceGroups', 'RESOURCEGROUPS') },
    };
    const policy = policyOf([{ id: 'all', effect: 'allow' }], { endpoints });
    const found = (name: string) => writtenSide(findNamedTarget(policy, sampleCaller(), name) ?? {});
    expect(found('sql')).toEqual({ address: 'sql.contoso.internal', port: 1433 });
    expect(found('web')).toEqual({ resourceId: vm('web-01') });
    for (const name of ['SQL', 'constructor', '__proto__', 'toString'])
      expect(findNamedTarget(policy, sampleCaller(), name)).toBeUndefined();
  });

  it('finds no endpoint for a caller whom no rule lets near it', () => {
    const rules = [{ id: 'web', effect: 'allow', requesters: { roles: ['Web'] }, destinations: ['endpoint:sql'] }];
    const policy = policyOf(rules, { endpoints: { sql: { address: 'sql.contoso.internal', port: 1433 } } });
    expect(findNamedTarget(policy, sampleCaller('alice', ['Check.Request', 'Web']), 'sql')).toMatchObject({
      port: 1433,
    });
    expect(findNamedTarget(policy, sampleCaller('bob'), 'sql')).toBeUndefined();
  });
});

describe('the hash of a policy', () => {
  const rules = [
    { id: 'a', effect: 'allow' },
    { id: 'b', effect: 'deny', ports: ['22'] },
  ];

  it('is 64 hexadecimal digits, and the same for what says the same', () => {
    const { hash } = policyOf(rules);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const respelled = [{ ports: ['22'], effect: 'deny', id: 'b', comment: 'no shell' }, rules[0]!];
    expect(policyOf(respelled, { comment: 'x', $schema: 'y' }).hash).toBe(hash);
  });

  it('is another one for what says something else', () => {
    const hashes = [
      policyOf(rules),
      policyOf(rules.slice(0, 1)),
      policyOf(rules, { limits: { active: 1 } }),
      policyOf(rules, { endpoints: { a: { address: 'b' } } }),
      policyOf([rules[0]!, { ...rules[1], ports: ['23'] }]),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('the files that come with the project', () => {
  it('docs/policy.schema.json is what scripts/policy-schema.ts writes', () => {
    expect(JSON.parse(read('docs/policy.schema.json'))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it('policy.sample.json is a policy without faults', () => {
    expect(faultsIn(read('policy.sample.json'))).toEqual([]);
  });
});
