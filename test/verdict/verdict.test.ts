import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictSchema } from '../../src/contract/verdict.ts';
import { verdictOf } from '../../src/verdict/verdict.ts';
import { numRuns } from '../support/run/num-runs.ts';

const codesOf = (body: unknown) => verdictOf(body).reasons.map(({ code }) => code);
const issue = (type: string, context: unknown = [], more = {}) => ({
  origin: 'Outbound',
  severity: 'Error',
  type,
  context,
  ...more,
});
const nic =
  '/subscriptions/s/resourceGroups/app/providers/Microsoft.Network/networkInterfaces/web-nic/ipConfigurations/main';
const hop = (more = {}) => ({
  type: 'Source',
  id: 'h1',
  address: '10.8.0.4',
  resourceId: nic,
  links: [],
  previousLinks: [],
  issues: [],
  ...more,
});
const unreachable = (...hops: unknown[]) => ({
  connectionStatus: 'Unreachable',
  probesSent: 30,
  probesFailed: 30,
  hops,
});

describe('Reachability', () => {
  test.each([
    ['Connected', 'Reachable'],
    ['Reachable', 'Reachable'],
    ['Disconnected', 'Unreachable'],
    ['Unreachable', 'Unreachable'],
    ['Degraded', 'Degraded'],
    ['Unknown', 'Inconclusive'],
    ['Maybe', 'Inconclusive'],
    ['', 'Inconclusive'],
  ])('%j is %s in any case, and Inconclusive with zero probes.', (connectionStatus, reachability) => {
    for (const word of [connectionStatus, connectionStatus.toUpperCase(), ` ${connectionStatus.toLowerCase()} `]) {
      expect(verdictOf({ connectionStatus: word, probesSent: 10, probesFailed: 0 }).reachability).toBe(reachability);
      expect(verdictOf({ connectionStatus: word }).reachability).toBe(reachability);
      expect(verdictOf({ connectionStatus: word, probesSent: 0, probesFailed: 0 }).reachability).toBe('Inconclusive');
    }
  });

  test('A count or a status of the wrong kind counts as absent.', () => {
    expect(verdictOf({ connectionStatus: 'Reachable', probesSent: '0' }).reachability).toBe('Reachable');
    expect(verdictOf({ connectionStatus: 1, probesSent: 5 }).reachability).toBe('Inconclusive');
  });
});

describe('Without issues', () => {
  test.each<[string, object, string[]]>([
    ['all well', { connectionStatus: 'Reachable', probesSent: 66, probesFailed: 0 }, []],
    ['reachable without counts', { connectionStatus: 'Connected' }, []],
    ['reachable, some lost', { connectionStatus: 'Reachable', probesSent: 66, probesFailed: 2 }, ['ProbesLost']],
    ['degraded, some lost', { connectionStatus: 'Degraded', probesSent: 100, probesFailed: 12 }, ['ProbesLost']],
    ['degraded, none lost', { connectionStatus: 'Degraded', probesSent: 100, probesFailed: 0 }, ['Unexplained']],
    ['all failed', { connectionStatus: 'Unreachable', probesSent: 30, probesFailed: 30 }, ['NoAnswer']],
    [
      'unreachable though answered',
      { connectionStatus: 'Unreachable', probesSent: 3, probesFailed: 0 },
      ['AnswerNotAccepted'],
    ],
    ['unreachable without counts', { connectionStatus: 'Disconnected' }, ['Unexplained']],
    ['zero probes', { connectionStatus: 'Reachable', probesSent: 0, probesFailed: 0 }, ['NoProbes']],
    ['an unknown word', { connectionStatus: 'Unknown', probesSent: 3, probesFailed: 1 }, ['UnknownStatus']],
    ['nothing', {}, ['UnknownStatus']],
  ])('%s is told by its own reason.', (_, body, codes) => {
    expect(codesOf(body)).toEqual(codes);
  });

  test('The loss is told in numbers.', () => {
    expect(verdictOf({ connectionStatus: 'Degraded', probesSent: 100, probesFailed: 12 }).reasons[0]?.message).toBe(
      '12 of 100 probes were lost (12 %).',
    );
  });

  test.each([null, undefined, [], 'text', 7, true])('%j is no result: Inconclusive, UnreadableResult.', (body) => {
    expect(verdictOf(body).reachability).toBe('Inconclusive');
    expect(codesOf(body)).toEqual(['UnreadableResult']);
  });
});

describe('Issues', () => {
  const types = [
    'AgentStopped',
    'DnsResolution',
    'GuestFirewall',
    'NetworkSecurityRule',
    'Platform',
    'PortThrottled',
    'SocketBind',
    'Unknown',
  ];
  const more = ['UserDefinedRoute', 'NoListenerOnDestination', 'NoRouteLearned', 'RouteMissing', 'CPU', 'Memory'];

  test.each([...types, ...more])('%s is a code of its own, in any case, and names the hop.', (type) => {
    for (const word of [type, type.toUpperCase(), ` ${type.toLowerCase()}`]) {
      const { reasons } = verdictOf(unreachable(hop({ issues: [issue(word)] })));
      expect(reasons).toHaveLength(1);
      expect(reasons[0]).toMatchObject({ code: type, hop: nic });
      expect(reasons[0]?.message).toContain('Source 10.8.0.4, web-nic');
      expect(reasons[0]?.message).not.toMatch(/[{}]/);
    }
  });

  test.each(['Gremlins', '', '{hop}$&'])('The unknown type %j is UnknownIssue and told in its own word.', (type) => {
    const [reason] = verdictOf(unreachable(hop({ issues: [issue(type)] }))).reasons;
    expect(reason).toMatchObject({ code: 'UnknownIssue', owner: 'platform' });
    expect(reason?.message).toContain(`"${type || 'without a name'}"`);
  });

  test('A security rule is named, with its direction.', () => {
    const context = [{ key: 'RuleName', value: 'DenyAll' }, { key: 'Other', value: null }, null];
    expect(verdictOf(unreachable(hop({ issues: [issue('NetworkSecurityRule', context)] }))).reasons).toEqual([
      {
        code: 'NetworkSecurityRule',
        message: 'The network security rule "DenyAll" denies the traffic (outbound) at Source 10.8.0.4, web-nic.',
        hop: nic,
        rule: 'DenyAll',
        action: 'Ask for a rule of higher priority that allows this traffic, or use an allowed port.',
        owner: 'network team',
      },
    ]);
  });

  test("An issue of a link, of the next hop's view of it, and of the hop itself is told once.", () => {
    const rule = issue('NetworkSecurityRule', [{ key: 'RuleName', value: 'DenyAll' }]);
    const first = hop({ issues: [rule], links: [{ nextHopId: 'h2', issues: [rule], context: { a: null } }] });
    const second = {
      type: 'VirtualNetwork',
      id: 'h2',
      address: '10.9.0.4',
      previousLinks: [{ nextHopId: 'h1', issues: [rule] }],
    };
    expect(verdictOf(unreachable(first, second)).reasons).toMatchObject([{ code: 'NetworkSecurityRule', hop: nic }]);
  });

  test('The same issue at two hops, or with two rules, is told twice.', () => {
    const dns = issue('RouteMissing');
    const rules = ['a', 'b'].map((value) => issue('NetworkSecurityRule', [{ key: 'RuleName', value }]));
    const second = { id: 'h2', address: '10.9.0.4', issues: [dns] };
    const { reasons } = verdictOf(unreachable(hop({ issues: [dns, ...rules] }), second));
    expect(reasons.map(({ code, hop: at, rule }) => [code, at, rule])).toEqual([
      ['RouteMissing', nic, undefined],
      ['NetworkSecurityRule', nic, 'a'],
      ['NetworkSecurityRule', nic, 'b'],
      ['RouteMissing', '10.9.0.4', undefined],
    ]);
  });

  test.each([
    [{ resourceId: '', address: '10.1.1.4', id: 'h' }, '10.1.1.4', 'Source 10.1.1.4'],
    [{ resourceId: 'Unknown', address: '10.1.1.4' }, '10.1.1.4', 'Source 10.1.1.4'],
    [{ resourceId: undefined, address: '', id: 'h' }, 'h', 'Source h'],
    [{ resourceId: undefined, address: undefined, id: undefined, type: undefined }, undefined, 'hop without a name'],
  ])('The hop %j is %j.', (more, id, words) => {
    const [reason] = verdictOf(unreachable(hop({ ...more, issues: [issue('CPU')] }))).reasons;
    expect(reason?.hop).toBe(id);
    expect(reason?.message).toContain(words);
  });

  test('Zero probes are told beside the issue that explains them.', () => {
    const body = {
      connectionStatus: 'Unknown',
      probesSent: 0,
      probesFailed: 0,
      hops: [hop({ issues: [issue('NoRouteLearned')] })],
    };
    expect(verdictOf(body).reachability).toBe('Inconclusive');
    expect(codesOf(body)).toEqual(['NoRouteLearned', 'NoProbes']);
  });

  test('Of many issues ten are told, errors before warnings, and the rest is counted.', () => {
    const warnings = Array.from({ length: 30 }, (_, index) => issue(`W${index}`, [], { severity: 'Warning' }));
    const { reasons } = verdictOf(unreachable(hop({ issues: [...warnings, issue('Platform')] })));
    expect(reasons).toHaveLength(11);
    expect(reasons[0]?.code).toBe('Platform');
    expect(reasons[10]).toMatchObject({ code: 'FurtherIssues', message: 'Azure reports 21 further issues.' });
  });

  test('Text of ARM comes without control characters, and shortened.', () => {
    const evil = `a\r\nb\u0000\u202e\u2028${'😀'.repeat(5000)}`;
    const body = unreachable({
      type: evil,
      id: evil,
      address: evil,
      resourceId: evil,
      issues: [issue(evil, [{ key: 'RuleName', value: evil }], { origin: evil })],
    });
    const { reasons } = verdictOf(body);
    expect(reasons).toHaveLength(1);
    expect(JSON.stringify(reasons)).not.toMatch(/\\[rnu]|[\p{Cc}\p{Cf}\p{Cs}\u2028]/u);
    expect(JSON.stringify(reasons).length).toBeLessThan(4000);
    expect(reasons[0]?.rule).toMatch(/^a b 😀+…$/u);
  });
});

const information = fc.record(
  {
    connectionStatus: fc.oneof(fc.constantFrom('Reachable', 'Unreachable', 'Degraded', 'Unknown'), fc.jsonValue()),
    probesSent: fc.oneof(fc.integer(), fc.jsonValue()),
    probesFailed: fc.oneof(fc.integer(), fc.jsonValue()),
    hops: fc.oneof(
      fc.jsonValue(),
      fc.array(
        fc.record(
          {
            id: fc.oneof(fc.string(), fc.jsonValue()),
            links: fc.array(fc.record({ nextHopId: fc.jsonValue(), issues: fc.jsonValue() })),
            previousLinks: fc.array(
              fc.record({
                nextHopId: fc.string(),
                issues: fc.array(fc.record({ type: fc.jsonValue(), context: fc.jsonValue() })),
              }),
            ),
            issues: fc.array(
              fc.record({
                type: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
                context: fc.array(fc.record({ key: fc.constant('RuleName'), value: fc.string() })),
              }),
            ),
          },
          { requiredKeys: [] },
        ),
      ),
    ),
  },
  { requiredKeys: [] },
);

test('Any JSON has a verdict, of the documented shape, bounded, and with a reason unless it is Reachable.', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), information), (body) => {
      const verdict = verdictOf(body);
      expect(verdictSchema.parse(verdict)).toEqual(verdict);
      expect(verdict.reachability === 'Reachable' || verdict.reasons.length > 0).toBe(true);
      expect(JSON.stringify(verdict).length).toBeLessThan(30_000);
      expect(verdictOf(body)).toEqual(verdict);
    }),
    { numRuns: numRuns(400) },
  );
});
