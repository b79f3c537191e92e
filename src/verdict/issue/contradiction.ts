import type { Reason } from '../../contract/verdict.ts';
import type { Sighting } from './issue-reasons.ts';
import { type Probes, someAnswered } from '../words/probes.ts';
import type { Findings } from '../status-reasons.ts';

/**
 * Whether the probes disprove an issue: what lets all traffic through or none cannot be where some got through. For
 * example, Azure reports NoRouteLearned of a gateway that is not asked, because an appliance carries the traffic.
 */
export function isContradicted({ kind }: Sighting, { reachability, probes }: Findings): boolean {
  const isReached = someAnswered(probes) ?? (reachability === 'Reachable' || reachability === 'Degraded');
  if (kind === 'answer' || !isReached) return false;
  const someLost = reachability === 'Degraded' || (probes.failed ?? 0) > 0;
  return !(someLost && (kind === 'load' || kind === 'symptom'));
}

/** The issue as a note that sends nobody anywhere. */
export function noteOf({ place, word, reason }: Sighting, { probes }: Findings): Reason {
  return {
    ...reason,
    message: `Azure also reports "${word}" at ${place.inWords}, but ${proof(probes)}, so it does not stop this traffic.`,
    action: 'Nothing has to be done for this traffic.',
    owner: 'nobody',
  };
}

const proof = ({ sent, failed }: Probes): string =>
  sent === undefined || failed === undefined
    ? 'calls the destination reachable'
    : `${sent - failed} of ${sent} probes were answered`;
