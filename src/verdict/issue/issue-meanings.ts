import type { Reason } from '../../contract/verdict.ts';

/**
 * What an issue is about, which says how issues stand to each other and to the probes:
 * `off`: the machine does not run, which explains all else in it. `machine`, `socket`: something in it. `load`: what can
 * lose some probes and let others through. `path`: what lets all through or none. `answer`: what was answered is not as
 * expected, so that probes which were answered do not disprove it. `symptom`: what any other issue explains.
 */
export type IssueKind = 'off' | 'machine' | 'socket' | 'load' | 'path' | 'answer' | 'symptom';

/** What the row holds for, where it does not always. */
export type IssueCondition = 'allow rule' | 'deny rule' | 'system route' | 'source port' | 'HTTP';

/**
 * One row of docs/verdicts.md. `code` is Azure's own word. `places` in the texts are filled in by `issue-values.ts`;
 * a sentence may begin with one.
 */
export interface IssueMeaning extends Pick<Reason, 'code' | 'message' | 'action' | 'owner'> {
  readonly kind: IssueKind;
  readonly when?: IssueCondition;
}

/**
 * Azure's words, read from the top: the first row of a word whose condition holds counts. They come from its API
 * reference, from the page "Connection troubleshoot overview" of 2026-04-08, and from recorded answers
 * (NoListenerOnDestination, NoRouteLearned, RouteMissing). One word is ours: `NoListenerOrGuestFirewall`, because Azure
 * reports both where it cannot tell them apart, also where a peering is what blocks.
 */
export const issueMeanings: readonly IssueMeaning[] = [
  {
    code: 'VMStopped',
    kind: 'off',
    message: 'The VM of {hop} is stopped.',
    action: 'Start the VM, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'VMStopping',
    kind: 'off',
    message: 'The VM of {hop} is shutting down.',
    action: 'Start the VM once it has stopped, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'VMStarting',
    kind: 'off',
    message: 'The VM of {hop} is starting and does not take traffic yet.',
    action: 'Wait until the VM runs, then check again.',
    owner: 'requester',
  },
  {
    code: 'VMRebooting',
    kind: 'off',
    message: 'The VM of {hop} is rebooting.',
    action: 'Wait until the VM runs, then check again.',
    owner: 'requester',
  },
  {
    code: 'VMNotAllocated',
    kind: 'off',
    message: 'The VM of {hop} is switched off: it is stopped or deallocated.',
    action: 'Start the VM, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'VMDeallocating',
    kind: 'off',
    message: 'The VM of {hop} is being deallocated.',
    action: 'Start the VM once it is deallocated, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'VMDeallocated',
    kind: 'off',
    message: 'The VM of {hop} is switched off and deallocated.',
    action: 'Start the VM, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'AgentStopped',
    kind: 'machine',
    message: 'The Network Watcher agent on {hop} is stopped or does not respond.',
    action: 'Start the extension of the Network Watcher agent on the source, or install it anew, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'UnsupportedSystem',
    kind: 'machine',
    message: 'The operating system of {hop} cannot send this kind of probe.',
    action: 'Check again with another protocol, or from another source.',
    owner: 'requester',
  },
  {
    code: 'NoListenerOrGuestFirewall',
    kind: 'machine',
    message:
      'Azure reports that nothing listens on {what} at {hop} or that the firewall of its operating system blocks the traffic, and cannot tell which.',
    action:
      'Look on the machine first (`ss -ltn`, on Windows `Get-NetTCPConnection -State Listen`): start the service, or open the firewall. Where both are in order, ask the network team: Azure can report a fault of a peering or a route as this one.',
    owner: 'VM owner',
  },
  {
    code: 'GuestFirewall',
    kind: 'machine',
    message: 'The firewall of the operating system of {hop} blocks the traffic.',
    action: 'Allow {what} in the firewall of the operating system.',
    owner: 'VM owner',
  },
  {
    code: 'NoListenerOnDestination',
    kind: 'machine',
    message: 'Nothing listens on {what} at {hop}.',
    action: 'Start the service, or have it listen on this port and address.',
    owner: 'application',
  },
  {
    code: 'ResourceHealthUnavailable',
    kind: 'machine',
    message: 'Azure Resource Health reports {hop} as unavailable.',
    action:
      'Read the page Resource health of the resource, which says whether Azure or a change caused it, and check again once it is available.',
    owner: 'VM owner',
  },
  {
    code: 'SocketBind',
    kind: 'socket',
    when: 'source port',
    message:
      'The source port {sourcePort} that was asked for could not be opened at {hop}: it is in use or not permitted.',
    action: 'Leave `source.port` out or give another one, then check again.',
    owner: 'requester',
  },
  {
    code: 'SocketBind',
    kind: 'socket',
    message: 'No local port could be opened at {hop}: it is in use or not permitted.',
    action: 'Check again; if it stays, see on the machine what holds its ports or forbids the agent to open one.',
    owner: 'VM owner',
  },
  {
    code: 'SocketError',
    kind: 'socket',
    when: 'source port',
    message: 'The source port {sourcePort} that was asked for could not be opened at {hop}.',
    action: 'Leave `source.port` out or give another one, then check again.',
    owner: 'requester',
  },
  {
    code: 'SocketError',
    kind: 'socket',
    message: 'The Network Watcher agent could not open a socket at {hop}.',
    action: 'Check again; if it stays, see on the machine what holds its ports or forbids the agent to open one.',
    owner: 'VM owner',
  },
  {
    code: 'SourcePortInUse',
    kind: 'socket',
    when: 'source port',
    message: 'The source port {sourcePort} that was asked for is still in use by an earlier connection at {hop}.',
    action: 'Leave `source.port` out or give another one, then check again.',
    owner: 'requester',
  },
  {
    code: 'SourcePortInUse',
    kind: 'socket',
    message: 'The local port that the Network Watcher agent chose is still in use by an earlier connection at {hop}.',
    action: 'Check again in a few minutes.',
    owner: 'requester',
  },
  {
    code: 'CPU',
    kind: 'load',
    message: 'The CPU of {hop} is overloaded.',
    action: 'Take load off the machine or give it a larger size, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'Memory',
    kind: 'load',
    message: 'The memory of {hop} is nearly used up.',
    action: 'Take load off the machine or give it a larger size, then check again.',
    owner: 'VM owner',
  },
  {
    code: 'ResourceHealthDegraded',
    kind: 'load',
    message: 'Azure Resource Health reports {hop} as degraded.',
    action:
      'Read the page Resource health of the resource, which says whether Azure or a change caused it, and check again once it is available.',
    owner: 'VM owner',
  },
  {
    code: 'MultiNICsInSameSubnet',
    kind: 'load',
    message:
      'Several NICs of {hop} are in the same subnet, so that answers can leave by another NIC than requests came in by.',
    action: 'Give each NIC of the VM a subnet of its own, or remove the NIC that is not needed.',
    owner: 'VM owner',
  },
  {
    code: 'MultiNICsInSameSubnetWithWeakHostEnabled',
    kind: 'load',
    message:
      'Several NICs of {hop} are in the same subnet and weak host mode is on, so that packets can pass through another NIC than meant.',
    action:
      'Give each NIC of the VM a subnet of its own, or remove the NIC that is not needed, or switch weak host send and receive off.',
    owner: 'VM owner',
  },
  {
    code: 'MultiNICsInSameSubnetWithWeakHostSendEnabled',
    kind: 'load',
    message:
      'Several NICs of {hop} are in the same subnet and weak host send is on, so that packets can leave by another NIC than meant.',
    action:
      'Give each NIC of the VM a subnet of its own, or remove the NIC that is not needed, or switch weak host send off.',
    owner: 'VM owner',
  },
  {
    code: 'NetworkSecurityRule',
    kind: 'path',
    when: 'allow rule',
    message:
      'Azure says that {nsgRule} blocks the{direction} traffic at {hop}{nsg}, but by its name the rule allows traffic, so it may not be the cause: only the effective security rules tell.',
    action:
      'Change no rule yet: read the effective security rules of the NIC of {hop}, and see what they decide about {what}; see also whether something listens at the destination.',
    owner: 'network team',
  },
  {
    code: 'NetworkSecurityRule',
    kind: 'path',
    when: 'deny rule',
    message: '{nsgRule} denies the{direction} traffic at {hop}{nsg}.',
    action:
      'Allow {what} from {source} to {destination} by a rule that comes before it (a lower priority number), or test a port that is allowed.',
    owner: 'network team',
  },
  {
    code: 'NetworkSecurityRule',
    kind: 'path',
    message: 'Azure says that {nsgRule} blocks the{direction} traffic at {hop}{nsg}.',
    action:
      'See in the effective security rules of the NIC of {hop} what denies {what}, and allow it from {source} to {destination} by a rule that comes before (a lower priority number), or test a port that is allowed.',
    owner: 'network team',
  },
  {
    code: 'UserDefinedRoute',
    kind: 'path',
    when: 'system route',
    message: '{route} drops the traffic at {hop}{nextHop}.',
    action:
      'Read the effective routes of the NIC, and add the route, peering or gateway connection that leads to {destination}.',
    owner: 'network team',
  },
  {
    code: 'UserDefinedRoute',
    kind: 'path',
    message: '{route} drops the traffic at {hop}{nextHop}.',
    action: 'Correct the route in the route table of the subnet, so that its next hop leads to {destination}.',
    owner: 'network team',
  },
  {
    code: 'UDRLoop',
    kind: 'path',
    message: '{route} sends the traffic back to {hop}, so that it runs in a loop{nextHop}.',
    action: 'Correct the next hop of the route in the route table of the subnet.',
    owner: 'network team',
  },
  {
    code: 'RouteMissing',
    kind: 'path',
    message: 'There is no route to {destination} at {hop}.',
    action: 'Add the route, peering or gateway connection that leads to {destination}.',
    owner: 'network team',
  },
  {
    code: 'NoRouteLearned',
    kind: 'path',
    message: 'No route to {destination} was learned at {hop}.',
    action:
      "See that the BGP sessions of the gateway or virtual hub are up, and that the destination's network is advertised.",
    owner: 'network team',
  },
  {
    code: 'BGPRoutePropogationDisabled',
    kind: 'path',
    message: 'The route table of the subnet of {hop} does not take over routes learned by BGP.',
    action: 'Switch gateway route propagation on in the route table, or add a route to {destination}.',
    owner: 'network team',
  },
  {
    code: 'IPForwardingNotEnabled',
    kind: 'path',
    message: 'The traffic is routed through {hop}, and IP forwarding is off on its NIC.',
    action: 'Switch IP forwarding on in the NIC of the appliance, and in its operating system.',
    owner: 'network team',
  },
  {
    code: 'StandardILBOutboundInternetNotAllowed',
    kind: 'path',
    message:
      'The source is behind an internal Standard load balancer and has no way out to the Internet, seen at {hop}.',
    action: 'Give the subnet a NAT gateway, or the VM a public IP address or an outbound rule.',
    owner: 'network team',
  },
  {
    code: 'BasicILBNotSupportedWithGlobalPeering',
    kind: 'path',
    message: 'A Basic internal load balancer at {hop} cannot be reached through a global virtual network peering.',
    action: 'Replace the load balancer by a Standard one, or test from its own region.',
    owner: 'network team',
  },
  {
    code: 'DIPProbeDown',
    kind: 'path',
    message: 'The health probe of the load balancer counts {hop} as down, so it gets no traffic.',
    action:
      "See that the service answers the load balancer's health probe, and that 168.63.129.16 is allowed to reach it.",
    owner: 'application',
  },
  {
    code: 'PeeringInfoNotFound',
    kind: 'path',
    message: 'Azure could not read a virtual network peering, seen at {hop}.',
    action: 'See that the peering exists on both sides and is connected, then check again.',
    owner: 'network team',
  },
  {
    code: 'VnetAccessNotAllowed',
    kind: 'path',
    message: 'A virtual network peering does not let traffic pass (`allowVirtualNetworkAccess` is off), seen at {hop}.',
    action: 'Allow virtual network access on both sides of the peering.',
    owner: 'network team',
  },
  {
    code: 'AllowGatewayTransitNotEnabled',
    kind: 'path',
    message: "The hub's virtual network peering does not allow gateway transit, seen at {hop}.",
    action: 'Allow gateway transit on the peering of the hub.',
    owner: 'network team',
  },
  {
    code: 'UseRemoteGatewaysNotEnabled',
    kind: 'path',
    message: "The spoke's virtual network peering does not use the remote gateway, seen at {hop}.",
    action: 'Switch `useRemoteGateways` on in the peering of the spoke.',
    owner: 'network team',
  },
  {
    code: 'GatewayNotProvisioned',
    kind: 'path',
    message: 'A VPN or ExpressRoute gateway is not provisioned, seen at {hop}.',
    action: "See the gateway's provisioning state, and repair or redeploy it.",
    owner: 'network team',
  },
  {
    code: 'VirtualHubNotProvisioned',
    kind: 'path',
    message: 'A Virtual WAN hub is not in the provisioning state Succeeded, seen at {hop}.',
    action: "See the hub's provisioning state, and repair or redeploy it.",
    owner: 'network team',
  },
  {
    code: 'NoConnectionConfigured',
    kind: 'path',
    message: 'No connection that leads to {destination} is configured at {hop}.',
    action: 'Add the gateway connection that leads to {destination}.',
    owner: 'network team',
  },
  {
    code: 'ConnectionStateDisconnected',
    kind: 'path',
    message: 'A gateway connection is disconnected, seen at {hop}.',
    action: "Bring the gateway's connection up: see its status, shared key and the device at its other end.",
    owner: 'network team',
  },
  {
    code: 'UnexpectedVirtualNetworkGatewayConnection',
    kind: 'path',
    message: 'Azure did not expect the gateway connection that it found at {hop}.',
    action: 'See that the gateway has the connections that it should have, and that routes lead through the right one.',
    owner: 'network team',
  },
  {
    code: 'ARPMissing',
    kind: 'path',
    message: 'The ARP table of the ExpressRoute circuit lacks an entry at {hop}.',
    action:
      "See the circuit's ARP table and the edge router's interface and VLAN; ask the connectivity provider if they are right.",
    owner: 'network team',
  },
  {
    code: 'DnsResolution',
    kind: 'path',
    message: 'The name of {destination} could not be resolved at {hop}.',
    action:
      'See that the name is right, that the DNS servers of the virtual network know it, and that the private DNS zone of a private endpoint is linked to the network.',
    owner: 'network team',
  },
  {
    code: 'PortThrottled',
    kind: 'path',
    message: 'Azure throttles or blocks traffic to {what} at {hop}.',
    action: 'Use another port; mail goes through an authenticated relay on port 587 instead of port 25.',
    owner: 'requester',
  },
  {
    code: 'Platform',
    kind: 'path',
    message: 'Azure reports a fault of its platform at {hop}.',
    action: 'Look at Azure Service Health, check again later, and open a support request if it stays.',
    owner: 'platform',
  },
  {
    code: 'StatusCodeValidationFailed',
    kind: 'answer',
    when: 'HTTP',
    message:
      '{destination} was reached and answered, but with {statusCode} that the check does not accept{validStatusCodes}.',
    action:
      'Send the request yourself, see why the server answers so, and correct it; where its status code is right, correct `validStatusCodes`.',
    owner: 'application',
  },
  {
    code: 'HeaderValidationFailed',
    kind: 'answer',
    when: 'HTTP',
    message: 'The answer of {destination} lacks a header that the check expects, or has another value of it.',
    action: 'See with the request which headers the server answers, and correct the server.',
    owner: 'application',
  },
  {
    code: 'ContentValidationFailed',
    kind: 'answer',
    when: 'HTTP',
    message: 'The answer of {destination} has other content than the check expects.',
    action: 'See with the request what the server answers, and correct the server.',
    owner: 'application',
  },
  {
    code: 'InvalidResponseFromServer',
    kind: 'answer',
    message: 'The DNS server that was asked at {hop} has no matching record.',
    action: 'Add the record, or correct the name or the DNS server that is asked.',
    owner: 'network team',
  },
  {
    code: 'DNSResponseValidationFailed',
    kind: 'answer',
    message:
      'The answer of the DNS server at {hop} is not as expected (number of records, recursion or response code).',
    action: "Compare the server's answer with what is expected, and correct its zone or settings.",
    owner: 'network team',
  },
  {
    code: 'DestinationUnreachable',
    kind: 'symptom',
    message: 'The source did not reach {destination}, and Azure names no cause.',
    action:
      'See that the destination runs and listens on {what}; if it does, ask the network team what drops the traffic on the way.',
    owner: 'application',
  },
  {
    code: 'DestinationPartiallyReachable',
    kind: 'symptom',
    message: 'Some of the ways to {destination} lead there and others do not.',
    action: 'See which path of the raw result ends early: an appliance or gateway on it loses the traffic.',
    owner: 'network team',
  },
  {
    code: 'NetworkError',
    kind: 'symptom',
    message: 'The connection failed at {hop}, by a timeout or a reset, and Azure names no cause.',
    action:
      'See that the destination runs and listens on {what}; if it does, ask the network team what drops the traffic on the way.',
    owner: 'application',
  },
  {
    code: 'SystemError',
    kind: 'symptom',
    message: 'Azure reports an internal error at {hop}.',
    action: 'Check again; if it stays, open a support request with the raw result.',
    owner: 'platform',
  },
  {
    code: 'TraceRouteUnavailable',
    kind: 'symptom',
    message:
      'The agent could not trace the path from {hop}, so Azure cannot tell whether the source reaches {destination}.',
    action: 'Check again; if it stays, have the VM owner see to the Network Watcher agent.',
    owner: 'requester',
  },
  {
    code: 'IncompleteTopology',
    kind: 'symptom',
    message: 'Azure could not work out the path to {destination} beyond {hop}.',
    action: 'Check again; if it stays, open a support request with the raw result.',
    owner: 'platform',
  },
  {
    code: 'Unknown',
    kind: 'symptom',
    message: 'Azure reports an issue at {hop} and does not know its cause.',
    action: 'Check again; if it stays, open a support request with the raw result.',
    owner: 'platform',
  },
];

/** What can be said of a word that Azure has and this table has not. */
export const unknownIssue: IssueMeaning = {
  code: 'UnknownIssue',
  kind: 'path',
  message:
    'Azure reports "{type}" for the{direction} traffic at {hop}, a word that this proxy does not know for such a check.',
  action: 'Look the word up in the documentation of Network Watcher, or open a support request with the raw result.',
  owner: 'platform',
};
