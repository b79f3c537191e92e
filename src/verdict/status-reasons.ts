import type { Reachability, Reason } from '../contract/verdict.ts';
import type { SourceState } from '../contract/answer/source.ts';
import { fill } from '../contract/fill.ts';
import { type Flow, isHttp } from './words/flow.ts';
import { plainText } from './words/plain-text.ts';
import { type Probes, someAnswered } from './words/probes.ts';

/** What an answer comes to, besides the issues in it. */
export interface Findings {
  readonly reachability: Reachability;
  /** Azure's own word. */
  readonly status: string;
  readonly probes: Probes;
  /** In which state the source was when the answer came. */
  readonly source: SourceState;
  /** How the path reads: `the virtual appliance fw-1 (10.1.9.4) on the way`. */
  readonly appliance: string | undefined;
}

const ask = 'Check again; if it stays, open a support request with the raw result.';

/** Reasons that status, probes and path give; texts are filled in: `{what}`, `{source}`, `{destination}` … */
export const statusMeanings = {
  noProbes: {
    code: 'NoProbes',
    message:
      'No probe was sent, usually because {source} is switched off or its Network Watcher agent is missing or stopped; Azure does not say which.',
    action: 'See that the source runs and that the extension of the Network Watcher agent is ready, then check again.',
    owner: 'VM owner',
  },
  noProbesWhileStopped: {
    code: 'NoProbes',
    message: 'No probe was sent, because {source} is switched off.',
    action: 'Start the source, then check again.',
    owner: 'VM owner',
  },
  noProbesForWantOfAgent: {
    code: 'NoProbes',
    message: 'No probe was sent, because {source} has no Network Watcher agent.',
    action: 'Install the extension of the Network Watcher agent at the source, then check again.',
    owner: 'VM owner',
  },
  noProbesWhileStoppedForWantOfAgent: {
    code: 'NoProbes',
    message: 'No probe was sent, because {source} is switched off; it has no Network Watcher agent either.',
    action: 'Start the source and install the extension of the Network Watcher agent there, then check again.',
    owner: 'VM owner',
  },
  noProbesByAgent: {
    code: 'NoProbes',
    message:
      'No probe was sent, although {source} runs and has the Network Watcher agent: the agent is probably stopped, or cut off from Azure.',
    action:
      'See that the extension of the Network Watcher agent is ready and reaches 169.254.169.254 and 168.63.129.16, then check again.',
    owner: 'VM owner',
  },
  noProbesWithoutAgent: {
    code: 'NoProbes',
    message: 'No probe was sent from {source}, and Azure does not say why.',
    action: 'See that the source is provisioned and of a kind that can be tested from (docs/api.md), then check again.',
    owner: 'network team',
  },
  unknownStatus: {
    code: 'UnknownStatus',
    message: 'Azure came to no conclusion: it gave the status "{status}".',
    action: ask,
    owner: 'platform',
  },
  allFailed: {
    code: 'AllProbesFailed',
    message:
      'Azure names no cause; {destination} may be switched off, nothing may listen on {what}, or something drops the traffic silently.',
    action:
      'See first that the destination runs and listens on {what}; if it does, ask the network team what drops the traffic on the way.',
    owner: 'application',
  },
  allPingsFailed: {
    code: 'AllProbesFailed',
    message:
      'Azure names no cause; {destination} may be switched off or not answer pings, or something drops them silently.',
    action:
      'See first that the destination runs and answers pings, which many firewalls do not allow; or check the TCP port that matters.',
    owner: 'application',
  },
  allRequestsFailed: {
    code: 'AllProbesFailed',
    message:
      'Azure names no cause; {destination} may be switched off or silent, or answer with a status code{validStatusCodes} or certificate that the check does not accept.',
    action:
      'Send the request by hand and look at the answer: correct the server, or `validStatusCodes` where its status code is right.',
    owner: 'application',
  },
  contradiction: {
    code: 'AnswerNotAccepted',
    message: 'Azure names no cause, and contradicts itself: not all probes failed.',
    action: ask,
    owner: 'platform',
  },
  failedThoughReachable: {
    code: 'AnswerNotAccepted',
    message: 'Azure names no cause, and contradicts itself: all probes failed.',
    action: ask,
    owner: 'platform',
  },
  requestRefused: {
    code: 'AnswerNotAccepted',
    message:
      'Requests were answered, and yet Azure calls {destination} unreachable: probably its status code{validStatusCodes} or certificate is not accepted.',
    action:
      'Send the request by hand and look at the answer: correct the server, or `validStatusCodes` where its status code is right.',
    owner: 'application',
  },
  unexplained: {
    code: 'Unexplained',
    message: 'Azure gave the status "{status}" and names no cause.',
    action: 'See that the destination runs and answers in time, then check again.',
    owner: 'application',
  },
  probesLost: {
    code: 'ProbesLost',
    message: 'Azure names no cause for the lost probes.',
    action: 'Check again; if it stays, look for congestion or an overloaded machine on the way.',
    owner: 'network team',
  },
  applianceMayAnswer: {
    code: 'ApplianceMayAnswer',
    message:
      'The answers may come from {appliance} rather than from {destination}: some firewalls answer in its place, and only the destination can tell whether the connections arrive.',
    action:
      'Make sure at the destination that the connections arrive, or check again with the protocol of the application.',
    owner: 'requester',
  },
} as const satisfies Readonly<Record<string, Reason>>;

/** What status, probes and path tell that no issue has told. */
export function statusReasons(
  findings: Findings,
  flow: Flow,
  names: Readonly<Record<string, string>>,
  explained: boolean,
): Reason[] {
  const meaning = meaningFor(findings, flow, explained);
  if (meaning === undefined) return [];
  const { message, action } = meaning;
  const values = {
    ...names,
    what: flow.what,
    validStatusCodes: flow.validStatusCodes,
    status: plainText(findings.status, 80),
    appliance: findings.appliance ?? '',
  };
  return [{ ...meaning, message: fill(message, values), action: fill(action, values) }];
}

function meaningFor(findings: Findings, flow: Flow, explained: boolean): Reason | undefined {
  const { reachability, probes, appliance, source } = findings;
  if (explained) return undefined;
  if (reachability === 'Inconclusive')
    return probes.sent === 0 ? withoutProbes(flow, source) : statusMeanings.unknownStatus;
  if (reachability === 'Unreachable') return unreachable(probes, flow);
  if (someAnswered(probes) === false) return statusMeanings.failedThoughReachable;
  if (probes.failed !== undefined && probes.failed > 0) return statusMeanings.probesLost;
  if (reachability === 'Degraded') return statusMeanings.unexplained;
  const isTcp = flow.protocol === undefined || flow.protocol === 'Tcp';
  return appliance !== undefined && isTcp ? statusMeanings.applianceMayAnswer : undefined;
}

function withoutProbes({ fromMachine }: Flow, { state, agent }: SourceState): Reason {
  if (!fromMachine) return statusMeanings.noProbesWithoutAgent;
  if (state === 'stopped')
    return agent === 'absent' ? statusMeanings.noProbesWhileStoppedForWantOfAgent : statusMeanings.noProbesWhileStopped;
  if (agent === 'absent') return statusMeanings.noProbesForWantOfAgent;
  return state === 'running' && agent === 'present' ? statusMeanings.noProbesByAgent : statusMeanings.noProbes;
}

function unreachable({ sent, failed }: Probes, flow: Flow): Reason {
  if (sent === undefined || failed === undefined) return statusMeanings.unexplained;
  if (failed < sent) return isHttp(flow) ? statusMeanings.requestRefused : statusMeanings.contradiction;
  if (isHttp(flow)) return statusMeanings.allRequestsFailed;
  return flow.protocol === 'Icmp' ? statusMeanings.allPingsFailed : statusMeanings.allFailed;
}
