import type { Ip } from '../pattern/network.ts';
import type { Target } from './target.ts';

const ranges = ['unspecified', 'broadcast', 'multicast', 'linkLocal', 'loopback'];
// https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
const azurePlatform = '168.63.129.16';

// Names that systems and clouds give to those addresses.
const names = new Set([
  ...['localhost', 'localhost.localdomain', 'localhost4', 'localhost4.localdomain4', 'localhost6'],
  ...['localhost6.localdomain6', 'loopback', 'broadcasthost', 'ip6-localhost', 'ip6-loopback', 'ip6-localnet'],
  ...['ip6-mcastprefix', 'ip6-allnodes', 'ip6-allrouters', 'ip6-allhosts'],
  ...['metadata', 'metadata.azure.internal', 'metadata.google.internal', 'metadata.goog'],
  ...['instance-data', 'instance-data.ec2.internal', 'ipv6-localhost'],
  // systemd-resolved answers these without a server.
  ...['_localdnsstub', '_localdnsproxy', '_gateway', '_outbound'],
  ...['host.docker.internal', 'gateway.docker.internal', 'kubernetes.docker.internal', 'host.containers.internal'],
]);
// The last: Windows reads such a name as an IPv6 address, without asking any server.
const suffixes = ['.localhost', '.metadata.azure.internal', '.metadata.google.internal', '.ipv6-literal.net'];

/** Whether no rule can allow the target: the machine itself, its neighbours on the link, and the cloud's platform. */
export function isNeverTested(target: Target): boolean {
  if (target.kind === 'resource') return false;
  const { ips, host } = target;
  return ips.some(isNeverTestedIp) || (host !== undefined && isNeverTestedName(host));
}

function isNeverTestedIp(ip: Ip): boolean {
  return ranges.includes(ip.range()) || ip.toString() === azurePlatform;
}

function isNeverTestedName(host: string): boolean {
  return names.has(host) || suffixes.some((suffix) => host.endsWith(suffix));
}
