import type { ConnectivityInformation } from '../arm/connectivity-information.ts';
import type { Reachability } from '../contract/verdict.ts';

// The reference's vocabulary and the service's.
const words: ReadonlyMap<string, Reachability> = new Map([
  ['connected', 'Reachable'],
  ['reachable', 'Reachable'],
  ['disconnected', 'Unreachable'],
  ['unreachable', 'Unreachable'],
  ['degraded', 'Degraded'],
]);

/** What ARM's word comes to. A count that is absent leaves the word standing; a count of zero proves nothing. */
export function reachabilityOf({ connectionStatus = '', probesSent }: ConnectivityInformation): Reachability {
  if (probesSent !== undefined && probesSent <= 0) return 'Inconclusive';
  return words.get(connectionStatus.trim().toLowerCase()) ?? 'Inconclusive';
}
