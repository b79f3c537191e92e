import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policyJsonSchema } from '../../src/policy/document/policy-json-schema.ts';
import { parsePolicy } from '../../src/policy/policy.ts';
import { sampleCaller } from '../support/samples.ts';
import { writtenSide } from '../../src/contract/request/side.ts';
import { findNamedTarget } from '../../src/policy/find-named-target.ts';
import { faultsIn, groups, policyOf, vm, warningsIn } from './asking.ts';

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
        { id: 'one', effect: 'deny', destinations: ['endpoint:gone', 7], ports: ['0'], protocols: ['Udp'], limits: {} },
        { effect: 'deny', destinations: [], except: {} },
        { id: 'five', effect: 'allow', except: { roles: ['Check.Request'] } },
      ],
      limits: { active: 0, requestsPerMinute: 1.5, perDay: 3 },
      contacts: [{ owners: ['boss'], targets: ['endpoint:gone'], contact: '' }],
    });
    const placeOf = (fault: string) => fault.replace(/: .*/s, '').replace(/^rule "\w+" \(|,? \(?line 1\)$/g, '');
    expect(faults.map(placeOf).toSorted()).toEqual(
      [
        ...['colour', 'endpoints.none', 'endpoints.both', 'endpoints.both.size', 'endpoints.odd.address'],
        ...['endpoints.ports.port', 'endpoints.host.port', 'endpoints.a name', 'endpoints.id.resourceId'],
        ...['rules[0].effect', 'rules[0].source', 'rules[0].requesters.group', 'rules[0].requesters.via[0]'],
        ...['rules[0].requesters.ids[0]', 'rules[1].sources[0]', 'rules[1].sources[1]', 'rules[1].destinations[0]'],
        ...['rules[1].destinations[1]', 'rules[2].id', 'rules[2].destinations[0]', 'rules[2].destinations[1]'],
        ...['rules[2].ports[0]', 'rules[2].protocols[0]', 'rules[3].id', 'rules[3].destinations'],
        ...['rules[2].limits', 'rules[3].except', 'rules[4].except'],
        ...['contacts[0].owners[0]', 'contacts[0].targets[0]', 'contacts[0].contact'],
        ...['limits.active', 'limits.requestsPerMinute', 'limits.perDay'],
      ].toSorted(),
    );
  });

  it('says which rule, in which line, what is wrong and what to write', () => {
    const file = `{
  "version": 1,
  "endpoints": { "old": { "address": "10.0.0.010" } },
  "rules": [
    { "id": "payments",
      "effect": "allow", "sources": ["rg-shop/**"],
      "ports": [443, 99999],
      "protocols": ["UDP"], "source": [] },
    { "id": "payments", "effect": "deny",
      "destinations": ["endpoint:x"] },
    { "effect": 7, "destinations": 8 }
  ]
}`;
    expect(faultsIn(file)).toEqual([
      'endpoints.old.address (line 3): zeros before a number are decimal to people and octal to programs: write 10.0.0.10 or 10.0.0.8',
      'rule "payments" (rules[0].sources[0], line 6): a source is a resource: write endpoint:name or a resource id pattern, /subscriptions/…',
      'rule "payments" (rules[0].ports[1], line 7): write a port from 1 to 65535, such as 443, or a range, such as "8000-8099"',
      'rule "payments" (rules[0].protocols[0], line 8): write Tcp, Http, Https or Icmp: these are the protocols that Azure can test, and UDP is none of them',
      'rule "payments" (rules[0].source, line 8): is unknown here: correct the name or leave it out',
      'rules[2].id (line 11): is missing: write a text, "…"',
      'rules[2].effect (line 11): write allow or deny',
      'rules[2].destinations (line 11): write a list, […]',
      'rule "payments" (rules[1].id, line 9): "payments" is the id of rules[0] too: give each rule its own',
      'rule "payments" (rules[1].destinations[0], line 10): "endpoint:x" is not among endpoints: add it there or correct the name',
    ]);
  });

  it('takes ports as numbers, and its words in any letter case', () => {
    const plain = { id: 'a', ports: ['443', '8000-8099'], requesters: { roles: ['Check.Request'], via: ['slack'] } };
    const other = { id: 'a', ports: [443, '8000-8099'], requesters: { roles: ['check.request'], via: ['Slack'] } };
    const written = (rule: object) => policyOf([rule]).allowRules.map((each) => each.written);
    expect(written({ ...other, effect: 'Allow', protocols: ['TCP', 'https'] })).toEqual(
      written({ ...plain, effect: 'allow', protocols: ['Tcp', 'Https'] }),
    );
    expect(policyOf([{ id: 'a', effect: 'DENY' }]).denyRules.length).toBe(1);
  });

  it('refuses a member that is given twice, wherever it is', () => {
    const file = `{"version":1,"rules":[{"id":"a","effect":"deny",
      "requesters": {"via":["http"], "v\\u0069a":["slack"]},
      "effect":"allow"}],"version":1}`;
    expect(faultsIn(file)).toEqual([
      'rule "a" (rules[0].requesters.via, line 2): is given in line 2 and again in line 2: leave one out',
      'rule "a" (rules[0].effect, line 1): is given in line 1 and again in line 3: leave one out',
      'version (line 1): is given in line 1 and again in line 3: leave one out',
    ]);
  });

  const nobody = { groups: ['team-shop'], roles: ['Check.Requester', 'Payment', 'Fleet'], ids: ['alice', 'a/b'] };
  const why = [
    'requesters.groups[0], line 1): "team-shop" matches nobody: write the object id of the Entra group',
    'requesters.roles[0], line 1): "Check.Requester" matches nobody: did you mean "Check.Request"?',
    'requesters.roles[1], line 1): "Payment" matches nobody: did you mean "Payments"?',
    'requesters.roles[2], line 1): "Fleet" matches nobody: it is none of Check.Request, Audit.Read, Check.Admin, Payments; where your app registration has it, declare it in customRoles',
    'requesters.ids[0], line 1): "alice" matches nobody: write <tenantId>/<objectId>, both UUIDs, as GET /api/me shows them',
    'requesters.ids[1], line 1): "a/b" matches nobody: write <tenantId>/<objectId>, both UUIDs, as GET /api/me shows them',
  ];
  const named = (rule: object) => ({
    version: 1,
    customRoles: ['Payments'],
    rules: [{ id: 'all', effect: 'allow' }, rule],
  });
  const place = (text: string) => text.replace('rule "r" (rules[1].', '');

  it('refuses a rule that denies what no token can have, because it would bind nobody', () => {
    expect(faultsIn(named({ id: 'r', effect: 'deny', requesters: nobody })).map(place)).toEqual(why);
    const good = {
      groups: [groups.one.toUpperCase()],
      roles: ['Payments', 'audit.read'],
      ids: [`${groups.one}/${groups.two}`],
    };
    expect(faultsIn(named({ id: 'r', effect: 'deny', requesters: good }))).toEqual([]);
    expect(warningsIn(named({ id: 'r', effect: 'deny', requesters: good }))).toEqual([]);
  });

  it('warns of it in a rule that allows and in an exception, which let in fewer than they seem to', () => {
    const allows = named({ id: 'r', effect: 'allow', requesters: nobody });
    expect([faultsIn(allows), warningsIn(allows).map(place)]).toEqual([[], why]);
    const excepts = named({ id: 'r', effect: 'deny', except: nobody });
    expect(faultsIn(excepts)).toEqual([]);
    expect(warningsIn(excepts).map((text) => place(text).replace('except', 'requesters'))).toEqual(why);
  });

  const rg = '/subscriptions/*/resourceGroups/rg-shop';
  const unmet: [string, object, RegExp | undefined][] = [
    [
      'a virtual network',
      { sources: [`${rg}/providers/Microsoft.Network/virtualNetworks/*`] },
      /sources\[0\].*no source/,
    ],
    ['a whole scale set', { sources: [`${rg}/providers/Microsoft.Compute/virtualMachineScaleSets/a`] }, /no source/],
    ['what is in an interface', { sources: [`${rg}/providers/Microsoft.Network/networkInterfaces/**`] }, /no source/],
    ['an instance', { sources: [`${rg}/providers/Microsoft.Compute/virtualMachineScaleSets/**`] }, undefined],
    ['any resource', { sources: ['/subscriptions/*/resourceGroups/*/providers/*/*/*', `${rg}/**`] }, undefined],
    ['ports of pings', { protocols: ['ICMP'], ports: [443] }, /ports, line 1\): match nothing: Icmp/],
    ['ports of all', { protocols: ['Icmp', 'Tcp'], ports: [443] }, undefined],
    [
      'an endpoint’s other port',
      { destinations: ['endpoint:shop'], ports: [22] },
      /port 443, which is not among ports/,
    ],
    ['a URI’s other port', { destinations: ['endpoint:site'], ports: [22] }, /port 443, which is not among ports/],
    ['an endpoint’s port', { destinations: ['endpoint:shop', 'endpoint:site'], ports: ['440-450'] }, undefined],
    ['pings of a port', { destinations: ['endpoint:shop'], protocols: ['Icmp'] }, /and Icmp has no port/],
  ];
  it.each(unmet)('holds a rule about %s for what it can meet', (_what, rule, message) => {
    const policy = (effect: string) => ({
      version: 1,
      endpoints: { shop: { address: 'shop.example.com', port: 443 }, site: { address: 'https://shop.example.com/' } },
      rules: [
        { id: 'all', effect: 'allow' },
        { id: 'r', effect, ...rule },
      ],
    });
    const expected = message === undefined ? [] : [expect.stringMatching(message)];
    expect([faultsIn(policy('deny')), warningsIn(policy('deny'))]).toEqual([expected, []]);
    expect([faultsIn(policy('allow')), warningsIn(policy('allow'))]).toEqual([[], expected]);
  });

  it('refuses an exception of all whom a rule is about', () => {
    const deny = (rule: object) => faultsIn(named({ id: 'r', effect: 'deny', ...rule }));
    const one = { groups: [groups.one] };
    const excepted = [expect.stringMatching(/except, line 1\): is everybody whom the rule is about/)];
    expect(deny({ requesters: one, except: { groups: [groups.one.toUpperCase(), groups.two] } })).toEqual(excepted);
    expect(deny({ requesters: { ...one, via: ['http'] }, except: { via: ['http'] } })).toEqual(excepted);
    expect(deny({ requesters: one, except: { ...one, via: ['http'] } })).toEqual([]);
    expect(deny({ requesters: { groups: [groups.one, groups.two] }, except: one })).toEqual([]);
  });

  it('warns of a policy that allows nothing', () => {
    const warning = 'rules (line 1): none allows anything, so every check is refused: add a rule that allows';
    expect(warningsIn({ version: 1, rules: [] })).toEqual([warning]);
    expect(warningsIn({ version: 1, rules: [{ id: 'a', effect: 'deny' }] })).toEqual([warning]);
  });

  it.each([
    ['', /^the file is not JSON: /],
    ['{', /^the file is not JSON: /],
    ['{ // no\n}', /^the file is not JSON: .* \(line 1; JSON has no comments: write a member "comment" instead\)$/],
    ['{"comment":"\ufffd"}', /^the file is not UTF-8: /],
    ['null', /^the policy \(line 1\): write an object/],
    ['[]', /^the policy \(line 1\): /],
    ['{"rules":[]}', /^version \(line 1\): /],
    ['{"version":2,"rules":[]}', /^version \(line 1\): write 1/],
    ['{"version":1}', /^rules \(line 1\): is missing: write a list/],
    ['{"version":1,\n"rules":[\nnull]}', /^rules\[0\] \(line 3\): write an object/],
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
        expect.stringContaining('(rules[0].requesters.via[0], line 1): write http, arm, slack, teams or mcp'),
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
  it('is the SHA-256 of its file, as it is', () => {
    for (const text of ['{"version":1,"rules":[]}', '\ufeff{"version":1, "comment":"Grüße","rules":[]}\r\n']) {
      const parsed = parsePolicy(text);
      expect(parsed.ok && parsed.policy.hash).toBe(createHash('sha256').update(Buffer.from(text)).digest('hex'));
    }
  });
});

describe('the files that come with the project', () => {
  it('docs/policy.schema.json is what scripts/policy-schema.ts writes', () => {
    expect(JSON.parse(read('docs/policy.schema.json'))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it('policy.sample.json is a policy without faults', () => {
    expect(faultsIn(read('policy.sample.json'))).toEqual([]);
    expect(warningsIn(read('policy.sample.json'))).toEqual([]);
  });
});
