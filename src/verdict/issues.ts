import type { Reason } from '../contract/verdict.ts';

/** What an issue of ARM's means: `{hop}` names the hop, `{rule}` is ` "name"` of the rule where ARM told one. */
export type IssueMeaning = Pick<Reason, 'code' | 'message' | 'action' | 'owner'>;

// The first nine are documented, the other five were seen on the wire.
const meanings: readonly IssueMeaning[] = [
  {
    code: 'AgentStopped',
    message: 'The Network Watcher agent on {hop} is not running.',
    action: 'Start the Network Watcher agent extension of the source, or install it anew, and check again.',
    owner: 'VM owner',
  },
  {
    code: 'DnsResolution',
    message: 'The name of the destination could not be resolved at {hop}.',
    action: 'Check the name, the DNS servers of the virtual network, and the private DNS zone of a private endpoint.',
    owner: 'network team',
  },
  {
    code: 'GuestFirewall',
    message: 'The firewall inside the operating system of {hop} blocks the traffic.',
    action: 'Allow the port and protocol in the firewall of the operating system.',
    owner: 'VM owner',
  },
  {
    code: 'NetworkSecurityRule',
    message: 'The network security rule{rule} denies the traffic ({origin}) at {hop}.',
    action: 'Ask for a rule of higher priority that allows this traffic, or use an allowed port.',
    owner: 'network team',
  },
  {
    code: 'Platform',
    message: 'Azure reports a fault of its platform at {hop}.',
    action: 'Look at Azure Service Health, check again later, and open a support request if it stays.',
    owner: 'platform',
  },
  {
    code: 'PortThrottled',
    message: 'Azure throttles traffic to this port at {hop}.',
    action: 'Use another port; for mail use an authenticated relay on port 587 instead of port 25.',
    owner: 'application',
  },
  {
    code: 'SocketBind',
    message: 'The source port could not be opened at {hop}: it is in use or not permitted.',
    action: 'Leave `source.port` out or choose another one, and check again.',
    owner: 'VM owner',
  },
  {
    code: 'Unknown',
    message: 'Azure reports an issue at {hop} and does not know its cause.',
    action: 'Check again; if it stays, open a support request with the raw result.',
    owner: 'platform',
  },
  {
    code: 'UserDefinedRoute',
    message: 'The user-defined route{rule} at {hop} drops the traffic or sends it another way.',
    action: 'Correct the route table of the subnet, or have the appliance that the route leads to forward the traffic.',
    owner: 'network team',
  },
  {
    code: 'NoListenerOnDestination',
    message: 'Nothing listens on the tested port at {hop}.',
    action: 'Start the service, or have it listen on this port and address.',
    owner: 'application',
  },
  {
    code: 'NoRouteLearned',
    message: 'No route to the destination was learned at {hop}.',
    action: 'Check the BGP sessions of the gateway, and that the destination network is advertised.',
    owner: 'network team',
  },
  {
    code: 'RouteMissing',
    message: 'There is no route to the destination at {hop}.',
    action: 'Add the route, the peering or the gateway connection that leads to the destination.',
    owner: 'network team',
  },
  {
    code: 'CPU',
    message: 'The processor of {hop} is overloaded.',
    action: 'Take load off the machine or give it a larger size.',
    owner: 'VM owner',
  },
  {
    code: 'Memory',
    message: 'The memory of {hop} is used up.',
    action: 'Take load off the machine or give it a larger size.',
    owner: 'VM owner',
  },
];

const unknownIssue: IssueMeaning = {
  code: 'UnknownIssue',
  message: 'Azure reports the issue "{type}" at {hop}, which this proxy does not know.',
  action: 'Look the word up in the documentation of Network Watcher, or open a support request with the raw result.',
  owner: 'platform',
};

/** The meaning of an issue type, ignoring case; Azure's list is open, so an unknown word has a meaning too. */
export function issueMeaning(type: string): IssueMeaning {
  const word = type.trim().toLowerCase();
  return meanings.find(({ code }) => code.toLowerCase() === word) ?? unknownIssue;
}
