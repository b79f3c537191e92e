import type { Finding, Hop, Issue } from './outcome.ts';

/** The usual kinds of finding, with the numbers that the real service gives. */
export const findings = {
  reachable: (...hops: Hop[]): Finding => ({
    connectionStatus: 'Reachable',
    probesSent: 66,
    probesFailed: 0,
    latencies: [1, 2, 7],
    hops,
  }),
  /** An unreachable destination has no latencies, and often no issue either. */
  unreachable: (...hops: Hop[]): Finding => ({
    connectionStatus: 'Unreachable',
    probesSent: 30,
    probesFailed: 30,
    hops,
  }),
  /** Nothing was probed, so nothing is proven. */
  unknown: (sourceIssues: Issue[], ...hops: Hop[]): Finding => ({
    connectionStatus: 'Unknown',
    probesSent: 0,
    probesFailed: 0,
    sourceIssues,
    hops,
  }),
};
