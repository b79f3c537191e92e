import type { ConnectivityInformation } from '../arm/connectivity-information.ts';
import type { Reachability, Reason } from '../contract/verdict.ts';
import { fill } from '../contract/fill.ts';
import { plainText } from './plain-text.ts';

const noProbes: Reason = {
  code: 'NoProbes',
  message: 'No probe was sent, so nothing is known about the destination.',
  action: 'Make sure that the source is running and has a working Network Watcher agent, then check again.',
  owner: 'VM owner',
};
const unknownStatus: Reason = {
  code: 'UnknownStatus',
  message: 'Azure came to no conclusion: it gave the status "{status}".',
  action: 'Check again; if it stays, open a support request with the raw result.',
  owner: 'platform',
};
const noAnswer: Reason = {
  code: 'NoAnswer',
  message: 'No probe was answered ({failed} of {sent} failed), and Azure found nothing on the way that blocks them.',
  action:
    'Make sure that the destination is running and listens on the port, and that no firewall of its own drops the probes. For Http and Https compare its status code and certificate with what the check expects (`validStatusCodes`).',
  owner: 'application',
};
const answerNotAccepted: Reason = {
  code: 'AnswerNotAccepted',
  message: 'Probes were answered ({failed} of {sent} failed), and yet Azure calls the destination unreachable.',
  action:
    'For Http and Https compare the status code and the certificate of the destination with what the check expects (`validStatusCodes`).',
  owner: 'application',
};
const unexplained: Reason = {
  code: 'Unexplained',
  message: 'Azure gave the status "{status}" without a reason.',
  action: 'Make sure that the destination is running and answers in time, then check again.',
  owner: 'application',
};
const probesLost: Reason = {
  code: 'ProbesLost',
  message: '{failed} of {sent} probes were lost ({percent} %).',
  action: 'Check again; if it stays, look for congestion or an overloaded machine on the way.',
  owner: 'network team',
};

/** Reasons that the status and the probes give; beside issues only what those leave open. */
export function statusReasons(
  information: ConnectivityInformation,
  reachability: Reachability,
  hasIssues: boolean,
): Reason[] {
  const { connectionStatus = '', probesSent = 0, probesFailed = 0 } = information;
  const reason = reasonFor(information, reachability, hasIssues);
  if (reason === undefined) return [];
  const values = {
    status: plainText(connectionStatus, 80),
    sent: String(probesSent),
    failed: String(probesFailed),
    percent: String(Math.round((100 * probesFailed) / probesSent)),
  };
  return [{ ...reason, message: fill(reason.message, values) }];
}

function reasonFor(
  { probesSent, probesFailed }: ConnectivityInformation,
  reachability: Reachability,
  hasIssues: boolean,
): Reason | undefined {
  if (probesSent !== undefined && probesSent <= 0) return noProbes;
  if (reachability === 'Inconclusive') return unknownStatus;
  if (hasIssues) return undefined;
  const counted = probesSent !== undefined && probesFailed !== undefined;
  if (reachability === 'Unreachable' && counted) return probesFailed < probesSent ? answerNotAccepted : noAnswer;
  if (counted && probesFailed > 0) return probesLost;
  return reachability === 'Reachable' ? undefined : unexplained;
}
