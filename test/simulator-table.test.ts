import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pair } from '../stand-ins/arm/scenarios/pair.ts';
import { world } from '../stand-ins/arm/scenarios/world.ts';
import { checkViewSchema, type CheckView } from '../src/contract/check.ts';
import { expectSound } from './support/verdict/expect-sound.ts';
import { type App, startApp } from './support/app/start-app.ts';
import { allEvents } from './support/faults/stored-state.ts';
import { startTestAzure } from './support/azure/test-azure.ts';
import { ownAccount } from './support/run/own-account.ts';

interface Expected {
  /** Status of `/result`. */
  readonly answers: number;
  /** Reachability and codes of reasons where it succeeds, else the code of the error. */
  readonly comesTo: readonly string[];
  /** POSTs to ARM; one by default. */
  readonly posts?: number;
}

const succeeds = (...comesTo: string[]): Expected => ({ answers: 200, comesTo });
const fails = (answers: number, code: string): Expected => ({ answers, comesTo: [code] });
const reachable = succeeds('Reachable');
const atThe = (posts: number): Expected => ({ ...reachable, posts });

/** What the whole app makes of each pair that the simulator declares, by its description. */
const expected: Readonly<Record<string, Expected>> = {
  'reachable in its own network': reachable,
  'reachable from a scale-set instance': reachable,
  'reachable from an application gateway': reachable,
  'reachable from a Bastion host': reachable,
  'reachable through a peering': reachable,
  'reachable over two VPN gateways': reachable,
  'reachable on premises over a VPN gateway': reachable,
  'answers a ping': reachable,
  'reachable with https': reachable,
  'reachable, with members that Azure does not document': reachable,
  'answered at once': reachable,
  'says Connected, as the reference page does': reachable,
  'says Disconnected, as the reference page does': succeeds('Unreachable', 'AllProbesFailed'),
  'degraded: some probes are lost': succeeds('Degraded', 'ProbesLost'),
  'a status that nobody knows': succeeds('Inconclusive', 'UnknownStatus'),
  'unknown after no probe: the source has no agent': succeeds('Inconclusive', 'NoProbes'),
  'unreachable without an issue: it is stopped': succeeds('Unreachable', 'AllProbesFailed'),
  'unreachable: an unexpected HTTP status code': succeeds('Unreachable', 'AllProbesFailed'),
  'reachable over 200 hops, a very long answer': succeeds('Reachable', 'ApplianceMayAnswer'),

  'issue AgentStopped': succeeds('Inconclusive', 'AgentStopped'),
  'issue DnsResolution': succeeds('Unreachable', 'DnsResolution'),
  'issue GuestFirewall': succeeds('Unreachable', 'NoListenerOrGuestFirewall'),
  'issue NetworkSecurityRule, inbound': succeeds('Unreachable', 'NetworkSecurityRule DenySshInbound'),
  'issue NetworkSecurityRule, outbound': succeeds('Unreachable', 'NetworkSecurityRule DenyMailOutbound'),
  'issue Platform': succeeds('Unreachable', 'Platform'),
  'issue PortThrottled': succeeds('Unreachable', 'PortThrottled'),
  'issue SocketBind': succeeds('Inconclusive', 'SocketBind'),
  'issue Unknown': succeeds('Unreachable', 'Unknown'),
  'issue UserDefinedRoute': succeeds('Unreachable', 'UserDefinedRoute'),
  'issue NoListenerOnDestination': succeeds('Unreachable', 'NoListenerOnDestination'),
  'issue NoRouteLearned': succeeds('Inconclusive', 'NoRouteLearned'),
  'issue RouteMissing, on a link': succeeds('Unreachable', 'RouteMissing'),
  'issue CPU': succeeds('Degraded', 'CPU'),
  'issue Memory': succeeds('Degraded', 'Memory'),
  'issue VMStopped': succeeds('Unreachable', 'VMStopped'),
  'issue VMStopping': succeeds('Unreachable', 'VMStopping'),
  'issue VMStarting': succeeds('Unreachable', 'VMStarting'),
  'issue VMRebooting': succeeds('Unreachable', 'VMRebooting'),
  'issue VMNotAllocated': succeeds('Unreachable', 'VMNotAllocated'),
  'issue VMDeallocating': succeeds('Unreachable', 'VMDeallocating'),
  'issue VMDeallocated, and what follows from it': succeeds('Unreachable', 'VMDeallocated'),
  'issue SocketError': succeeds('Inconclusive', 'SocketError'),
  'issue SourcePortInUse': succeeds('Inconclusive', 'SourcePortInUse'),
  'issue UnsupportedSystem': succeeds('Inconclusive', 'UnsupportedSystem'),
  'issue TraceRouteUnavailable': succeeds('Inconclusive', 'TraceRouteUnavailable'),
  'issue NetworkError': succeeds('Unreachable', 'NetworkError'),
  'issue SystemError': succeeds('Unreachable', 'SystemError'),
  'issue ResourceHealthUnavailable': succeeds('Unreachable', 'ResourceHealthUnavailable'),
  'issue DIPProbeDown': succeeds('Unreachable', 'DIPProbeDown'),
  'issue BasicILBNotSupportedWithGlobalPeering': succeeds('Unreachable', 'BasicILBNotSupportedWithGlobalPeering'),
  'issue DestinationUnreachable': succeeds('Unreachable', 'DestinationUnreachable'),
  'issue DestinationPartiallyReachable': succeeds('Degraded', 'DestinationPartiallyReachable'),
  'issue ResourceHealthDegraded': succeeds('Degraded', 'ResourceHealthDegraded'),
  'issue MultiNICsInSameSubnet': succeeds('Degraded', 'MultiNICsInSameSubnet'),
  'issue MultiNICsInSameSubnetWithWeakHostEnabled': succeeds('Degraded', 'MultiNICsInSameSubnetWithWeakHostEnabled'),
  'issue MultiNICsInSameSubnetWithWeakHostSendEnabled': succeeds(
    'Degraded',
    'MultiNICsInSameSubnetWithWeakHostSendEnabled',
  ),
  'issue UDRLoop': succeeds('Unreachable', 'UDRLoop to-firewall'),
  'issue BGPRoutePropogationDisabled': succeeds('Unreachable', 'BGPRoutePropogationDisabled'),
  'issue IPForwardingNotEnabled': succeeds('Unreachable', 'IPForwardingNotEnabled'),
  'issue PeeringInfoNotFound': succeeds('Unreachable', 'PeeringInfoNotFound'),
  'issue VnetAccessNotAllowed': succeeds('Unreachable', 'VnetAccessNotAllowed'),
  'issue AllowGatewayTransitNotEnabled': succeeds('Unreachable', 'AllowGatewayTransitNotEnabled'),
  'issue UseRemoteGatewaysNotEnabled': succeeds('Unreachable', 'UseRemoteGatewaysNotEnabled'),
  'issue GatewayNotProvisioned': succeeds('Unreachable', 'GatewayNotProvisioned'),
  'issue NoConnectionConfigured': succeeds('Unreachable', 'NoConnectionConfigured'),
  'issue ConnectionStateDisconnected': succeeds('Unreachable', 'ConnectionStateDisconnected'),
  'issue UnexpectedVirtualNetworkGatewayConnection': succeeds(
    'Unreachable',
    'UnexpectedVirtualNetworkGatewayConnection',
  ),
  'issue ARPMissing': succeeds('Unreachable', 'ARPMissing'),
  'issue IncompleteTopology': succeeds('Unreachable', 'IncompleteTopology'),
  'issue VirtualHubNotProvisioned': succeeds('Unreachable', 'VirtualHubNotProvisioned'),
  'issue StandardILBOutboundInternetNotAllowed': succeeds('Unreachable', 'StandardILBOutboundInternetNotAllowed'),
  'issue InvalidResponseFromServer': succeeds('Unreachable', 'InvalidResponseFromServer'),
  'issue DNSResponseValidationFailed': succeeds('Unreachable', 'DNSResponseValidationFailed'),
  'issue StatusCodeValidationFailed': succeeds('Unreachable', 'StatusCodeValidationFailed'),
  'issue HeaderValidationFailed': succeeds('Unreachable', 'HeaderValidationFailed'),
  'issue ContentValidationFailed': succeeds('Unreachable', 'ContentValidationFailed'),
  'issue that this proxy does not know': succeeds('Unreachable', 'UnknownIssue'),
  'issue NetworkSecurityRule, with NSG and subnet': succeeds(
    'Unreachable',
    'NetworkSecurityRule DefaultRule_DenyAllInBound',
  ),

  'misleading: the rule that is said to block allows': succeeds(
    'Unreachable',
    'NetworkSecurityRule DefaultRule_AllowVnetOutBound',
  ),
  'misleading: a gateway without a route that nothing passes': succeeds('Reachable', 'NoRouteLearned'),
  'misleading: a firewall may have answered': succeeds('Reachable', 'ApplianceMayAnswer'),
  'misleading: unreachable, and no probe was sent': succeeds('Inconclusive', 'NoProbes'),

  'busy twice: 429 RetryableError': atThe(3),
  'throttled once: 429 TooManyRequests with Retry-After': atThe(2),
  'always 403: the identity lacks a right': fails(403, 'AzureRefused'),
  'always 404': fails(404, 'AzureRefused'),
  'once 409: another operation is in progress': atThe(2),
  'once 500, with a Location that leads nowhere': atThe(2),
  'once 502, in HTML': atThe(2),
  'the poll that ends it answers 400': fails(400, 'AzureRefused'),
  'the poll that ends it answers 200 and Failed': fails(502, 'AzureFailed'),
  'never ends': fails(504, 'DeadlineExceeded'),
  'accepted without a Location': fails(502, 'AzureFailed'),
  'accepted, then every poll is 404': fails(404, 'AzureRefused'),
  'runs and ends in states of 200, its result wrapped': reachable,
  'a relative Location, and polls without one': reachable,
  'not known to a region of ARM at first': reachable,
  'once 409 RetryableError, of another kind than busy': atThe(2),
  'always 409: a lock forbids every POST': fails(409, 'AzureRefused'),
};

// Longer than the waits between the polls that are answered 404 can come to.
const CHECK_DEADLINE_SECONDS = '45';
const AT_ONCE = 30;
const allowAll = JSON.stringify({ version: 1, rules: [{ id: 'all', effect: 'allow' }] });

let azure: Awaited<ReturnType<typeof startTestAzure>>;
let app: App;
let token: string;
const running = new Map<string, Promise<{ check: CheckView; answers: number }>>();

beforeAll(async () => {
  azure = await startTestAzure(ownAccount());
  app = await startApp({ ...azure.settings, CHECK_DEADLINE_SECONDS, POLICY: allowAll });
  token = await azure.token('alice');
  const start = (pair: Pair) => {
    const one = run(pair);
    running.set(pair.description, one);
    return one;
  };
  // What takes long begins first; the many that are answered come in turns, so that nobody waits for all of them.
  const answered = world.pairs.filter(({ outcome }) => outcome.kind === 'completes');
  const slow = world.pairs.filter((pair) => !answered.includes(pair)).map(start);
  for (let at = 0; at < answered.length; at += AT_ONCE)
    await Promise.allSettled(answered.slice(at, at + AT_ONCE).map(start));
  // Each is looked at in its own test.
  await Promise.allSettled(slow);
}, 180_000);

afterAll(async () => {
  await app.stop();
  await azure.stop();
});

async function run({ source, destination, port, protocol }: Pair) {
  const place = destination.startsWith('/') ? { resourceId: destination } : { address: destination };
  const accepted = await ask('/api/checks', {
    method: 'POST',
    body: JSON.stringify({ source: { resourceId: source }, destination: { ...place, port }, protocol }),
  });
  expect(accepted.status).toBe(202);
  const { id } = (await accepted.json()) as { id: string };
  const check = await endOf(id);
  const result = await ask(`/api/checks/${id}/result`);
  if (check.status === 'Succeeded') expect(await result.json()).toEqual(check.result);
  return { check, answers: result.status };
}

async function endOf(id: string): Promise<CheckView> {
  const ended = await ask(`/api/checks/${id}`, { headers: { prefer: 'wait=30' } });
  const check = checkViewSchema.parse(await ended.json());
  return check.finishedAt === undefined ? endOf(id) : check;
}

function ask(path: string, init: { method?: string; body?: string; headers?: Record<string, string> } = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers };
  return fetch(`${app.url}${path}`, { ...init, headers, signal: AbortSignal.timeout(58_000) });
}

function comesTo({ status, verdict, error }: CheckView): string[] {
  if (verdict.reachability)
    return [verdict.reachability, ...verdict.reasons.map(({ code, rule }) => (rule ? `${code} ${rule}` : code))];
  return [error?.code ?? status];
}

describe('every pair that the simulator declares', () => {
  it('is expected here, and nothing else is', () => {
    expect(Object.keys(expected).toSorted()).toEqual(world.pairs.map(({ description }) => description).toSorted());
  });

  it.each(world.pairs)('$description', async ({ description }) => {
    const { check, answers } = (await running.get(description)) ?? {};
    const { answers: answered, comesTo: outcome } = expected[description] ?? fails(0, 'not expected');
    expect({ answers, comesTo: check && comesTo(check) }).toEqual({ answers: answered, comesTo: outcome });
    if (check) expectSound(check.verdict, check.request);
  });

  it('has one requested event, one started event for each POST, and one event of its end', async () => {
    const actions = new Map<unknown, unknown[]>();
    for (const { checkId, action } of await allEvents(azure.connectionString)) {
      actions.set(checkId, [...(actions.get(checkId) ?? []), action]);
    }
    const found: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    for (const [description, { posts = 1, answers }] of Object.entries(expected)) {
      const id = (await running.get(description))?.check.id;
      found[description] = actions.get(id);
      const end = answers === 200 ? 'finished' : 'failed';
      wanted[description] = ['requested', ...Array<string>(posts).fill('started'), end];
    }
    expect(found).toEqual(wanted);
    const posts = Object.values(expected).reduce((sum, { posts: one = 1 }) => sum + one, 0);
    expect(azure.arm.counters).toMatchObject({ checks: posts, unauthorized: 0 });
  });
});
