import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectivityParameters } from '../../src/arm/connectivity-parameters.ts';
import { verdictSchema } from '../../src/contract/verdict.ts';
import { issueMeanings } from '../../src/verdict/issue/issue-meanings.ts';
import type { SourceState } from '../../src/contract/answer/source.ts';
import { verdictOf } from '../../src/verdict/verdict.ts';
import { numRuns } from '../support/run/num-runs.ts';
import { sampleCheck, webVm } from '../support/samples.ts';
import { expectSound } from '../support/verdict/expect-sound.ts';

const { request } = sampleCheck();
const asked = (changes: Partial<ConnectivityParameters>): ConnectivityParameters => ({ ...request, ...changes });
const codesOf = (body: unknown, of = request) => verdictOf(body, of).reasons.map(({ code }) => code);
const summaryOf = (body: unknown, of = request) => verdictOf(body, of).summary;
const issue = (type: string, context: unknown = [], more = {}) => ({
  origin: 'Outbound',
  severity: 'Error',
  type,
  context,
  ...more,
});
const named = (value: string, key = 'RuleName') => [{ key, value }];
const nic =
  '/subscriptions/s/resourceGroups/app/providers/Microsoft.Network/networkInterfaces/web-nic/ipConfigurations/main';
const hop = (more = {}) => ({
  type: 'Source',
  id: 'h1',
  address: '10.8.0.4',
  resourceId: nic,
  nextHopIds: ['h2'],
  issues: [],
  ...more,
});
const target = (more = {}) => ({ type: 'VirtualNetwork', id: 'h2', address: '10.1.2.4', nextHopIds: [], ...more });
const answer = (status: string, sent: number, failed: number, ...hops: unknown[]) => ({
  connectionStatus: status,
  probesSent: sent,
  probesFailed: failed,
  hops,
});
const unreachable = (...hops: unknown[]) => answer('Unreachable', 30, 30, ...hops);

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
    const reachabilityOf = (body: unknown) => verdictOf(body, request).reachability;
    for (const word of [connectionStatus, connectionStatus.toUpperCase(), ` ${connectionStatus.toLowerCase()} `]) {
      expect(reachabilityOf({ connectionStatus: word, probesSent: 10, probesFailed: 0 })).toBe(reachability);
      expect(reachabilityOf({ connectionStatus: word })).toBe(reachability);
      expect(reachabilityOf({ connectionStatus: word, probesSent: 0, probesFailed: 0 })).toBe('Inconclusive');
    }
  });

  test('A count or a status of the wrong kind counts as absent.', () => {
    expect(verdictOf({ connectionStatus: 'Reachable', probesSent: '0' }, request).reachability).toBe('Reachable');
    expect(verdictOf({ connectionStatus: 1, probesSent: 5 }, request).reachability).toBe('Inconclusive');
  });
});

describe('The summary', () => {
  test('says of a reachable destination who, how, with how many probes and in what time.', () => {
    const body = {
      ...answer('Reachable', 66, 0, hop(), target()),
      avgLatencyInMs: 2,
      minLatencyInMs: 1,
      maxLatencyInMs: 7,
    };
    expect(verdictOf(body, request)).toEqual({
      summary:
        'web-01 (10.8.0.4) reaches 10.1.2.4 on TCP port 1433: 66 of 66 probes were answered, in 2 ms on average (1–7 ms).',
      reachability: 'Reachable',
      reasons: [],
    });
  });

  test.each<[string, Partial<ConnectivityParameters>, string]>([
    ['a ping', { protocol: 'Icmp', destination: { address: '10.1.2.4', port: 9 } }, '10.1.2.4 by ping (ICMP)'],
    [
      'a URI, without its query',
      { destination: { address: 'https://x.example/a?key=secret' } },
      'https://x.example/a on HTTPS port 443',
    ],
    [
      'a port in a URI',
      { destination: { address: 'http://x.example:8080/' } },
      'http://x.example:8080/ on HTTP port 8080',
    ],
    ['a resource', { destination: { resourceId: `${webVm}2`, port: 22 } }, 'web-012 (10.1.2.4) on TCP port 22'],
    ['the protocol that Azure chooses', { protocol: undefined }, '10.1.2.4 on port 1433'],
  ])('names %s as a person would.', (_, changes, words) => {
    const { protocol, ...rest } = asked(changes);
    const of =
      changes.destination?.address?.startsWith('http') === true || protocol === undefined
        ? rest
        : { ...rest, protocol };
    const address = changes.destination?.address?.includes('example') === true ? 'x' : '10.1.2.4';
    expect(summaryOf(answer('Reachable', 3, 0, hop(), target({ address })), of).replace(' (x)', '')).toBe(
      `web-01 (10.8.0.4) reaches ${words}: 3 of 3 probes were answered.`,
    );
  });

  test('names an instance of a scale set as the portal does.', () => {
    const resourceId = `${webVm.replace('virtualMachines/web-01', 'virtualMachineScaleSets/api')}/virtualMachines/7`;
    expect(summaryOf(answer('Reachable', 3, 0), asked({ source: { resourceId } }))).toMatch(/^api_7 reaches /);
  });

  test.each<[string, unknown, string]>([
    ['all', answer('Unreachable', 30, 30), '(30 of 30 probes failed)'],
    ['some', answer('Degraded', 100, 12), '12 of 100 probes failed (12 %)'],
    ['one of very many', answer('Reachable', 1000, 1), '1 of 1000 probes failed (1 %)'],
    ['the only one', answer('Unreachable', 1, 1), '(1 of 1 probe failed)'],
    ['sent alone', { connectionStatus: 'Reachable', probesSent: 5 }, '5 probes were sent'],
    ['more failed than sent', answer('Reachable', 5, 9), '5 probes were sent'],
    ['none', { connectionStatus: 'Reachable' }, 'Azure gave no count of its probes'],
  ])('always tells the count of probes: %s.', (_, body, words) => {
    expect(summaryOf(body)).toContain(words);
  });

  test('tells the first cause and whom to ask, and how many more causes there are.', () => {
    const both = unreachable(hop({ issues: [issue('RouteMissing')] }), target({ issues: [issue('GuestFirewall')] }));
    expect(summaryOf(both)).toBe(
      'web-01 (10.8.0.4) cannot reach 10.1.2.4 on TCP port 1433 (30 of 30 probes failed): there is no route to 10.1.2.4 at the source web-01 (10.8.0.4); ask the network team (1 more reason below).',
    );
  });
});

describe('Without issues', () => {
  test.each<[string, object, string[]]>([
    ['all well', answer('Reachable', 66, 0), []],
    ['reachable without counts', { connectionStatus: 'Connected' }, []],
    ['reachable, some lost', answer('Reachable', 66, 2), ['ProbesLost']],
    ['degraded, some lost', answer('Degraded', 100, 12), ['ProbesLost']],
    ['degraded, none lost', answer('Degraded', 100, 0), ['Unexplained']],
    ['all failed', answer('Unreachable', 30, 30), ['AllProbesFailed']],
    ['unreachable though answered', answer('Unreachable', 3, 0), ['AnswerNotAccepted']],
    ['reachable though all failed', answer('Reachable', 10, 10), ['AnswerNotAccepted']],
    ['degraded though all failed', answer('Degraded', 10, 10), ['AnswerNotAccepted']],
    ['unreachable without counts', { connectionStatus: 'Disconnected' }, ['Unexplained']],
    ['zero probes', answer('Reachable', 0, 0), ['NoProbes']],
    ['fewer than zero probes', answer('Reachable', -3, 0), ['NoProbes']],
    ['an unknown word', answer('Unknown', 3, 1), ['UnknownStatus']],
    ['nothing', {}, ['UnknownStatus']],
  ])('%s is told by its own reason.', (_, body, codes) => {
    expect(codesOf(body)).toEqual(codes);
  });

  test.each([null, undefined, [], 'text', 7, true])('%j is no result: Inconclusive, UnreadableResult.', (body) => {
    const verdict = verdictOf(body, request);
    expect(verdict).toMatchObject({ reachability: 'Inconclusive', reasons: [{ code: 'UnreadableResult' }] });
    expectSound(verdict, request);
  });

  test('Status code and certificate are spoken of on HTTP alone, with the codes that were asked for.', () => {
    const HTTPConfiguration = { validStatusCodes: [200, 301] };
    const https = asked({ protocol: 'Https', protocolConfiguration: { HTTPConfiguration } });
    for (const body of [answer('Unreachable', 3, 3), answer('Unreachable', 3, 1)]) {
      expect(verdictOf(body, https).reasons[0]?.message).toContain('status code (accepted: 200, 301) or certificate');
      for (const protocol of ['Tcp', 'Icmp'] as const)
        expectSound(verdictOf(body, asked({ protocol })), asked({ protocol }));
    }
  });

  test('A server that answers with another status code is reached, and the code is told.', () => {
    const HTTPConfiguration = { validStatusCodes: [200] };
    const https = asked({ protocol: 'Https', protocolConfiguration: { HTTPConfiguration } });
    const issue = { type: 'StatusCodeValidationFailed', context: [{ key: 'StatusCode', value: '503' }] };
    const body = { ...answer('Unreachable', 3, 3), hops: [{ type: 'Internet', id: '2', issues: [issue] }] };
    const { summary } = verdictOf(body, https);
    expect(summary).toContain('reaches 10.1.2.4 on HTTPS port 1433, but the answer is not the expected one (3 of 3');
    expect(summary).toContain('answered, but with status code 503 that the check does not accept (accepted: 200)');
  });

  test('What sends no probe is looked for in the VM or, where the source is none, elsewhere.', () => {
    const bastion = webVm.replace(/Microsoft\.Compute.*/, 'Microsoft.Network/bastionHosts/way-in');
    const none = answer('Unknown', 0, 0);
    expect(verdictOf(none, request).reasons).toMatchObject([{ code: 'NoProbes', owner: 'VM owner' }]);
    const [reason] = verdictOf(none, asked({ source: { resourceId: bastion } })).reasons;
    expect(reason).toMatchObject({ code: 'NoProbes', owner: 'network team' });
    expect(reason?.message).not.toContain('agent');
  });

  test('What sends no probe because its source is off or has no agent is said to be so.', () => {
    const said = (state: SourceState['state'], agent: SourceState['agent']) =>
      verdictOf(answer('Unknown', 0, 0), request, { state, agent, watcher: 'present' }).summary;
    expect(said('stopped', 'present')).toContain('because web-01 is switched off; ask the owner of the VM');
    expect(said('stopped', 'absent')).toContain('is switched off; it has no Network Watcher agent either');
    expect(said('running', 'absent')).toContain('because web-01 has no Network Watcher agent; ask the owner of the VM');
    expect(said('unknown', 'absent')).toContain('because web-01 has no Network Watcher agent; ask the owner of the VM');
    expect(said('running', 'present')).toContain('although web-01 runs and has the Network Watcher agent');
    expect(said('unknown', 'present')).toContain('Azure does not say which');
  });

  test('An appliance on the way may have answered a TCP probe, but no ping and no request.', () => {
    const behind = answer(
      'Reachable',
      66,
      0,
      hop(),
      target({ type: 'VirtualAppliance', id: 'fw', address: '10.5.0.4', nextHopIds: ['h2'] }),
      target(),
    );
    expect(verdictOf(behind, request).reasons).toMatchObject([{ code: 'ApplianceMayAnswer', owner: 'requester' }]);
    expect(summaryOf(behind)).toContain(', but the answers may come from the virtual appliance 10.5.0.4 on the way');
    expect(codesOf(behind, asked({ protocol: 'Icmp' }))).toEqual([]);
    expect(codesOf(behind, asked({ protocol: 'Https' }))).toEqual([]);
  });
});

const words = [...new Set(issueMeanings.map(({ code }) => code))];

describe('Issues', () => {
  test.each(words)('%s is a code of its own, in any case, and names the place.', (type) => {
    const of = /ValidationFailed$/.test(type) ? asked({ protocol: 'Http' }) : request;
    for (const word of [type, type.toUpperCase(), ` ${type.toLowerCase()}`]) {
      const verdict = verdictOf(unreachable(hop({ issues: [issue(word)] })), of);
      expect(verdict.reasons).toMatchObject([{ code: type, hop: nic }]);
      if (verdict.reasons[0]?.message.includes('source'))
        expect(verdict.reasons[0].message).toMatch(/web-01|The source/);
      expectSound(verdict, of);
    }
  });

  test('Every word of Azure’s is known: those of its reference, of its page of 2026, and those that were seen.', () => {
    const reference =
      'AgentStopped DnsResolution GuestFirewall NetworkSecurityRule Platform PortThrottled SocketBind Unknown UserDefinedRoute';
    const seen = 'NoListenerOnDestination NoRouteLearned RouteMissing CPU Memory';
    const page =
      'VMStopped VMStopping VMStarting VMRebooting VMNotAllocated VMDeallocating VMDeallocated AgentStopped SocketError Platform NetworkError SystemError ARPMissing PeeringInfoNotFound DIPProbeDown UDRLoop IPForwardingNotEnabled VnetAccessNotAllowed AllowGatewayTransitNotEnabled UseRemoteGatewaysNotEnabled BGPRoutePropogationDisabled MultiNICsInSameSubnet MultiNICsInSameSubnetWithWeakHostEnabled MultiNICsInSameSubnetWithWeakHostSendEnabled StandardILBOutboundInternetNotAllowed BasicILBNotSupportedWithGlobalPeering SourcePortInUse UnsupportedSystem IncompleteTopology DestinationUnreachable DestinationPartiallyReachable TraceRouteUnavailable GatewayNotProvisioned VirtualHubNotProvisioned ResourceHealthUnavailable ResourceHealthDegraded InvalidResponseFromServer DNSResponseValidationFailed StatusCodeValidationFailed HeaderValidationFailed ContentValidationFailed NoConnectionConfigured ConnectionStateDisconnected UnexpectedVirtualNetworkGatewayConnection';
    const all = new Set([reference, seen, page].flatMap((list) => list.split(' ')));
    expect(words.toSorted()).toEqual([...all, 'NoListenerOrGuestFirewall'].toSorted());
  });

  test.each(['Gremlins', '', '{hop}$&'])('The unknown type %j is UnknownIssue and told in its own word.', (type) => {
    const [reason] = verdictOf(unreachable(hop({ issues: [issue(type)] })), request).reasons;
    expect(reason).toMatchObject({ code: 'UnknownIssue', owner: 'platform' });
    expect(reason?.message).toContain(`"${type || 'without a name'}" for the outbound traffic at the source web-01`);
  });

  test('A word of HTTP on a TCP check is an unknown one.', () => {
    const body = unreachable(hop({ issues: [issue('StatusCodeValidationFailed')] }));
    expect(codesOf(body)).toEqual(['UnknownIssue']);
    expect(codesOf(body, asked({ protocol: 'Https' }))).toEqual(['StatusCodeValidationFailed']);
  });

  test('An NSG rule is named, with its direction, and what it has to allow.', () => {
    const context = [...named('UserRule_DenyAll'), { key: 'Other', value: null }, null];
    expect(
      verdictOf(unreachable(hop({ issues: [issue('NetworkSecurityRule', context)] }), target()), request).reasons,
    ).toEqual([
      {
        code: 'NetworkSecurityRule',
        message: 'NSG rule "DenyAll" denies the outbound traffic at the source web-01 (10.8.0.4).',
        hop: nic,
        address: '10.8.0.4',
        rule: 'UserRule_DenyAll',
        action:
          'Allow TCP port 1433 from web-01 (10.8.0.4) to 10.1.2.4 by a rule that comes before it (a lower priority number), or test a port that is allowed.',
        owner: 'network team',
      },
    ]);
  });

  test('The rule’s NSG, NIC or subnet, and the route’s table and next hop are named where the context has them.', () => {
    const nsg = '/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/networkSecurityGroups/nsg-web';
    const subnet = '/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/app';
    const messageOf = (type: string, context: Record<string, string>) =>
      verdictOf(
        unreachable(
          hop({
            issues: [
              issue(
                type,
                Object.entries(context).map(([key, value]) => ({ key, value })),
              ),
            ],
          }),
        ),
        request,
      ).reasons[0]?.message;
    expect(
      messageOf('NetworkSecurityRule', {
        RuleName: 'DefaultRule_DenyAllOutBound',
        NetworkSecurityGroupId: nsg,
        AppliedTo: subnet,
      }),
    ).toBe(
      'The default NSG rule "DenyAllOutBound" denies the outbound traffic at the source web-01 (10.8.0.4), in NSG nsg-web, applied to the subnet app.',
    );
    expect(messageOf('NetworkSecurityRule', { ruleName: 'x', nsgName: 'n', appliedTo: nic })).toContain(
      ', in NSG n, applied to the NIC web-nic.',
    );
    expect(
      messageOf('UserDefinedRoute', { RouteType: 'User', RouteName: 'out', RouteTableId: 'rt-1', NextHopType: 'None' }),
    ).toBe(
      'The user-defined route (UDR) "out" drops the traffic at the source web-01 (10.8.0.4), route table rt-1, next hop None.',
    );
    expect(messageOf('UserDefinedRoute', { RouteType: 'System' })).toMatch(/^A system route drops/);
    expect(messageOf('UserDefinedRoute', {})).toMatch(/^A user-defined route \(UDR\) drops/);
  });

  const toldOf = (rule: string) =>
    verdictOf(unreachable(hop({ issues: [issue('NetworkSecurityRule', named(rule))] })), request).reasons[0];

  test.each([
    ...[
      'DefaultRule_AllowVnetOutBound',
      'UserRule_Web-Traffic-Allow',
      'permit-web',
      'ALLOW_WEB',
      'weballow',
      'AcceptAll',
    ],
    ...['zulassen-web', 'UserRule_WebErlauben', 'FreigebenSQL', 'autoriser', 'UserRule_autorise_web', 'permettre-web'],
    ...['permitir', 'web-permitido', 'autorizar_sql', 'aceptar-web', 'aceitar-web', 'consenti-web', 'PermettiTutto'],
    ...['toestaan-web', 'WebToegestaan', 'toelaten', 'Casino-allow', 'online-allow', 'allow-dropbox', 'allow1433'],
    ...['AllowA, AllowB'],
  ])('The rule %s, whose name allows, is not said to deny, and nobody is told to add one.', (rule) => {
    const reason = toldOf(rule);
    expect(reason).toMatchObject({ code: 'NetworkSecurityRule', rule, owner: 'network team' });
    expect(`${reason?.message ?? ''} ${reason?.action ?? ''}`).not.toMatch(/denies|priority/);
    expect(reason?.message).toContain('by its name the rule allows');
  });

  test('A rule whose name allows comes behind a cause that nothing speaks against.', () => {
    const allows = issue('NetworkSecurityRule', named('UserRule_AllowWeb'));
    const codes = codesOf(unreachable(hop({ issues: [allows] }), target({ issues: [issue('GuestFirewall')] })));
    expect(codes).toEqual(['GuestFirewall', 'NetworkSecurityRule']);
  });

  test.each([
    ...['DisallowWeb', 'UserRule_DenyAllowedPorts', 'NotAllowed', 'block-permitted', 'WebDeny', 'denyall', 'DENY_ALL'],
    ...[
      'sperren-web',
      'ssh-verboten',
      'nicht-erlaubt',
      'SSHNichtZulassen',
      'interdire-ssh',
      'refuser',
      'bloquear-todo',
    ],
    ...[
      'denegar-ssh',
      'rechazar',
      'proibir',
      'BloccaTutto',
      'weigeren',
      'niet-toegestaan',
      'no-permitir',
      'DenyA, DenyB',
    ],
  ])('The rule %s denies.', (rule) => {
    expect(toldOf(rule)?.message).toContain('denies');
  });

  test.each([
    'web-in',
    'UserRule_SSH',
    'acceptance-db',
    'permission-svc',
    'blockchain',
    'dropbox',
    'Freigabe-SMB',
    'rule1',
    'priority-100',
    '許可',
    'zezwalaj-web',
    'AllowDropIn',
    'DenyA, AllowB',
    '',
  ])('Of the rule %j, whose name says neither, no more is told than Azure says.', (rule) => {
    const name = rule === '' ? 'an NSG rule' : `NSG rule "${rule.replace('UserRule_', '')}"`;
    expect(toldOf(rule)).toMatchObject({
      message: `Azure says that ${name} blocks the outbound traffic at the source web-01 (10.8.0.4).`,
      action: expect.stringMatching(
        /^See in the effective security rules of the NIC of .* what denies TCP port 1433/,
      ) as string,
    });
  });

  test.each([
    [{ avgLatencyInMs: 5, minLatencyInMs: 9, maxLatencyInMs: 2 }, ', in 5 ms on average.'],
    [{ avgLatencyInMs: 50, minLatencyInMs: 1, maxLatencyInMs: 2 }, ', in 50 ms on average.'],
    [{ minLatencyInMs: 9, maxLatencyInMs: 2 }, 'answered.'],
    [{ avgLatencyInMs: 1e300 }, 'answered.'],
    [{ avgLatencyInMs: 2, minLatencyInMs: 2, maxLatencyInMs: 2 }, ', in 2 ms on average (2–2 ms).'],
  ])('Of round trips %j no more is told than can be.', (latency, end) => {
    const body = { ...answer('Reachable', 3, 0, hop(), target()), ...latency };
    expect(summaryOf(body)).toMatch(new RegExp(`${end.replace(/[.()]/g, '\\$&')}$`));
  });

  test('A source port that was asked for is the requester’s to change; another is not.', () => {
    const body = answer('Unknown', 0, 0, hop({ issues: [issue('SocketBind')] }));
    const chosen = asked({ source: { resourceId: webVm, port: 50_000 } });
    expect(verdictOf(body, chosen).reasons).toMatchObject([{ code: 'SocketBind', owner: 'requester' }]);
    expect(verdictOf(body, chosen).reasons[0]?.message).toContain('50000');
    expect(verdictOf(body, request).reasons).toMatchObject([{ code: 'SocketBind', owner: 'VM owner' }]);
  });

  test("An issue of a link, of the next hop's view of it, and of the hop itself is told once.", () => {
    const rule = issue('NetworkSecurityRule', named('DenyAll'));
    const first = hop({ issues: [rule], links: [{ nextHopId: 'h2', issues: [rule], context: { a: null } }] });
    const second = target({ previousLinks: [{ nextHopId: 'h1', issues: [rule] }] });
    expect(verdictOf(unreachable(first, second), request).reasons).toMatchObject([
      { code: 'NetworkSecurityRule', hop: nic },
    ]);
  });

  test('The same issue at two hops, or with two rules, is told twice.', () => {
    const route = issue('RouteMissing');
    const rules = ['a', 'b'].map((value) => issue('NetworkSecurityRule', named(value)));
    const second = target({ issues: [route] });
    const { reasons } = verdictOf(unreachable(hop({ issues: [route, ...rules] }), second), request);
    expect(reasons.map(({ code, hop: at, rule }) => [code, at, rule])).toEqual([
      ['RouteMissing', nic, undefined],
      ['NetworkSecurityRule', nic, 'a'],
      ['NetworkSecurityRule', nic, 'b'],
      ['RouteMissing', '10.1.2.4', undefined],
    ]);
  });
});

describe('One cause is one reason:', () => {
  const at = (...types: string[]) => types.map((type) => issue(type));
  test.each<[string, unknown[], string[]]>([
    [
      'a closed port, or a firewall',
      [hop(), target({ issues: at('GuestFirewall', 'NoListenerOnDestination') })],
      ['NoListenerOrGuestFirewall'],
    ],
    [
      'each of the two at a hop of its own',
      [hop({ issues: at('GuestFirewall') }), target({ issues: at('NoListenerOnDestination') })],
      ['GuestFirewall', 'NoListenerOnDestination'],
    ],
    [
      'a VM that is off',
      [hop(), target({ issues: at('NoListenerOnDestination', 'VMDeallocated', 'GuestFirewall', 'VMStopped', 'CPU') })],
      ['VMDeallocated'],
    ],
    [
      'a VM that is off, and a rule besides',
      [hop(), target({ issues: at('VMStopped', 'NetworkSecurityRule') })],
      ['VMStopped', 'NetworkSecurityRule'],
    ],
    ['a socket', [hop({ issues: at('SocketError', 'SocketBind') }), target()], ['SocketError']],
    [
      'a symptom beside its cause',
      [hop({ issues: at('NetworkError', 'Unknown') }), target({ issues: at('VMStopped') })],
      ['VMStopped'],
    ],
    ['symptoms alone', [hop({ issues: at('NetworkError') })], ['NetworkError']],
  ])('%s.', (_, hops, codes) => {
    expect(codesOf(unreachable(...hops))).toEqual(codes);
  });

  test('zero probes are explained by an issue at the source or on the way, and not by one in the destination.', () => {
    const none = (...hops: unknown[]) => codesOf(answer('Unknown', 0, 0, ...hops));
    expect(none(hop({ issues: at('NoRouteLearned') }))).toEqual(['NoRouteLearned']);
    expect(none(hop({ issues: at('AgentStopped') }), target())).toEqual(['AgentStopped']);
    expect(none(hop(), target({ issues: at('NetworkSecurityRule') }))).toEqual(['NetworkSecurityRule']);
    expect(none(hop(), target({ issues: at('GuestFirewall') }))).toEqual(['GuestFirewall', 'NoProbes']);
  });
});

describe('An issue that the probes contradict', () => {
  const appliance = target({
    type: 'VirtualAppliance',
    id: 'fw',
    address: '10.5.33.20',
    nextHopIds: ['h2'],
    issues: [issue('NoRouteLearned')],
  });

  test('sends nobody anywhere.', () => {
    const ping = asked({ protocol: 'Icmp' });
    const verdict = verdictOf(answer('Reachable', 100, 0, hop(), appliance, target()), ping);
    expect(verdict).toMatchObject({
      summary: 'web-01 (10.8.0.4) reaches 10.1.2.4 by ping (ICMP): 100 of 100 probes were answered.',
      reasons: [{ code: 'NoRouteLearned', owner: 'nobody', action: 'Nothing has to be done for this traffic.' }],
    });
    expect(verdict.reasons[0]?.message).toBe(
      'Azure also reports "NoRouteLearned" at the virtual appliance 10.5.33.20 on the way, but 100 of 100 probes were answered, so it does not stop this traffic.',
    );
  });

  test('is one that lets all through or none, or any where no probe was lost.', () => {
    const with12Lost = (type: string) =>
      codesAndOwners(answer('Degraded', 100, 12, hop(), target({ issues: [issue(type)] })));
    expect(with12Lost('CPU')).toEqual([['CPU', 'VM owner']]);
    expect(with12Lost('NetworkSecurityRule')).toEqual([
      ['ProbesLost', 'network team'],
      ['NetworkSecurityRule', 'nobody'],
    ]);
    expect(codesAndOwners(answer('Reachable', 66, 0, hop(), target({ issues: [issue('CPU')] })))).toEqual([
      ['CPU', 'nobody'],
    ]);
    expect(codesAndOwners({ connectionStatus: 'Reachable', hops: [hop({ issues: [issue('VMStopped')] })] })).toEqual([
      ['VMStopped', 'nobody'],
    ]);
  });

  test('is told so whatever Azure calls it, and nobody is called because of it.', () => {
    const denied = hop({ issues: [issue('NetworkSecurityRule')] });
    expect(codesAndOwners(answer('Unreachable', 10, 0, denied, target()))).toEqual([
      ['AnswerNotAccepted', 'platform'],
      ['NetworkSecurityRule', 'nobody'],
    ]);
    const failed = verdictOf(answer('Reachable', 10, 10, denied, target()), request);
    expect(failed.summary).toMatch(
      /^Azure calls 10\.1\.2\.4 on TCP port 1433 reachable from web-01 .*, and yet 10 of 10 probes failed: /,
    );
    expect(failed.reasons).toMatchObject([{ code: 'NetworkSecurityRule', owner: 'network team' }]);
  });

  test('explains nothing.', () => {
    const both = answer(
      'Degraded',
      100,
      12,
      hop({ issues: [issue('NetworkError')] }),
      target({ issues: [issue('VMStopped')] }),
    );
    expect(codesAndOwners(both)).toEqual([
      ['NetworkError', 'application'],
      ['VMStopped', 'nobody'],
    ]);
  });

  test('is none that is about the answer.', () => {
    const https = asked({ protocol: 'Https' });
    const body = answer('Reachable', 3, 0, hop(), target({ issues: [issue('StatusCodeValidationFailed')] }));
    expect(verdictOf(body, https).reasons).toMatchObject([{ owner: 'application' }]);
  });

  const codesAndOwners = (body: unknown) => verdictOf(body, request).reasons.map(({ code, owner }) => [code, owner]);
});

describe('Places', () => {
  const vpn = '/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworkGateways/vpn-west';
  test.each<[string, object, string]>([
    ['the destination', {}, 'the destination 10.1.2.4'],
    [
      'a gateway',
      { type: 'VirtualNetworkGateway', address: '203.0.113.1', resourceId: vpn, nextHopIds: ['h3'] },
      'the virtual network gateway vpn-west (203.0.113.1) on the way',
    ],
    ['a NIC', { address: '10.9.0.4', resourceId: nic, nextHopIds: ['h3'] }, 'the NIC web-nic (10.9.0.4) on the way'],
    ['an address', { address: '10.9.0.4', nextHopIds: ['h3'] }, 'the address 10.9.0.4 on the way'],
    ['another address at the end', { address: '10.9.0.4' }, 'the address 10.9.0.4 on the way'],
    [
      'a peering at the end',
      { type: 'VirtualNetworkPeering', address: '' },
      'the virtual network peering on the way that Azure does not name',
    ],
    [
      'nothing',
      { type: 'Whatever', address: 'Unknown', resourceId: 'Unknown', nextHopIds: ['h3'] },
      'a place on the way that Azure does not name',
    ],
  ])('%s is said as a person would.', (_, more, place) => {
    const [reason] = verdictOf(unreachable(hop(), target({ issues: [issue('CPU')], ...more })), request).reasons;
    expect(reason?.message).toBe(`The CPU of ${place} is overloaded.`);
  });

  test.each([
    [{ resourceId: '', address: '10.1.1.4', id: 'h' }, '10.1.1.4', 'the source web-01 (10.1.1.4)'],
    [{ resourceId: 'Unknown', address: '10.1.1.4' }, '10.1.1.4', 'the source web-01 (10.1.1.4)'],
    [{ resourceId: undefined, address: '', id: 'h' }, 'h', 'the source web-01 is'],
    [{ resourceId: undefined, address: undefined, id: undefined, type: undefined }, undefined, 'the source web-01 is'],
  ])('The source %j is %j for programs.', (more, id, inWords) => {
    const [reason] = verdictOf(unreachable(hop({ ...more, issues: [issue('CPU')] })), request).reasons;
    expect(reason?.hop).toBe(id);
    expect(reason?.message).toContain(inWords);
  });
});

describe('Much and odd', () => {
  test('Of many issues ten are told, errors before warnings, and the rest is counted.', () => {
    const warnings = Array.from({ length: 30 }, (_, index) => issue(`W${index}`, [], { severity: 'Warning' }));
    const { reasons } = verdictOf(unreachable(hop({ issues: [...warnings, issue('Platform')] })), request);
    expect(reasons).toHaveLength(11);
    expect(reasons[0]?.code).toBe('Platform');
    expect(reasons[10]).toMatchObject({ code: 'FurtherIssues', message: 'Azure reports 21 further issues.' });
  });

  test('Text of ARM comes without control characters, and shortened.', () => {
    const evil = `a\r\nb\u0000\u202e\u2028${'😀'.repeat(5000)}`;
    const evilHop = { type: evil, id: evil, address: evil, resourceId: evil, nextHopIds: ['x'] };
    const body = unreachable({ ...evilHop, issues: [issue(evil, named(evil), { origin: evil })] });
    const verdict = verdictOf(body, request);
    expect(verdict.reasons).toHaveLength(1);
    expect(JSON.stringify(verdict)).not.toMatch(/\\[rnu]|[\p{Cc}\p{Cf}\p{Cs}\u2028]/u);
    expect(JSON.stringify(verdict).length).toBeLessThan(5000);
    expect(verdict.reasons[0]?.rule).toMatch(/^a b 😀+…$/u);
  });
});

// Answers as Azure could give them: known and unknown words, members that are missing, members of the wrong kind.
const wordOf = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...words) },
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
const issues = fc.array(
  fc.record(
    {
      type: wordOf,
      origin: fc.constantFrom('Local', 'Inbound', 'Outbound', 7),
      severity: fc.constantFrom('Error', 'Warning', null),
      context: fc.oneof(
        fc.array(
          fc.record({
            key: fc.constantFrom('RuleName', 'RouteType', 'NsgId', 'x'),
            value: fc.oneof(fc.constantFrom('AllowAll', 'DenyAll', 'System'), fc.jsonValue()),
          }),
        ),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  ),
  { maxLength: 4 },
);
const hops = fc
  .array(
    fc.record(
      {
        type: fc.constantFrom(
          'Source',
          'VirtualNetwork',
          'VirtualAppliance',
          'Internet',
          'Destination',
          'VirtualNetworkGateway',
          3,
        ),
        address: fc.oneof(fc.ipV4(), fc.jsonValue()),
        resourceId: fc.constantFrom(nic, 'Unknown', '', null),
        links: fc.array(fc.record({ nextHopId: fc.constantFrom('0', '1'), issues }), { maxLength: 2 }),
        previousLinks: fc.array(fc.record({ nextHopId: fc.constantFrom('0', 'x'), issues }), { maxLength: 1 }),
        issues: fc.oneof({ weight: 6, arbitrary: issues }, fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 5 },
  )
  // Each hop is a place of its own, as it is in Azure.
  .map((list) =>
    list.map((each, index) => ({
      ...each,
      resourceId: `${nic}-${index}`,
      id: String(index),
      nextHopIds: [String(index + 1)],
    })),
  );
const information = fc.record(
  {
    connectionStatus: fc.oneof(fc.constantFrom('Reachable', 'Unreachable', 'Degraded', 'Unknown'), fc.jsonValue()),
    probesSent: fc.oneof(fc.integer({ min: -1, max: 100 }), fc.jsonValue()),
    probesFailed: fc.oneof(fc.integer({ min: -1, max: 100 }), fc.jsonValue()),
    avgLatencyInMs: fc.oneof(fc.integer(), fc.jsonValue()),
    minLatencyInMs: fc.integer(),
    maxLatencyInMs: fc.integer(),
    hops: fc.oneof({ weight: 8, arbitrary: hops }, fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const protocols = fc.constantFrom('Tcp', 'Icmp', 'Http', 'Https');

test('Whatever Azure answers, the verdict is sound, bounded, and the same again.', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: information }, fc.jsonValue()), protocols, (body, protocol) => {
      const of = asked({ protocol });
      const verdict = verdictOf(body, of);
      expect(verdictSchema.parse(verdict)).toEqual(verdict);
      expect(JSON.stringify(verdict).length).toBeLessThan(30_000);
      expect(verdictOf(body, of)).toEqual(verdict);
      // A word that nobody knows is quoted, whatever it is.
      if (verdict.reasons.every(({ code }) => code !== 'UnknownIssue' && code !== 'UnknownStatus'))
        expectSound(verdict, of);
    }),
    { numRuns: numRuns(600) },
  );
});
