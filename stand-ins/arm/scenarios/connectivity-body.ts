import { derivedUuid } from '../../entra/derived-uuid.ts';
import type { Finding, Hop, Issue } from './outcome.ts';
import type { Resource } from './resources.ts';

/** Azure's ConnectivityInformation. Ids of hops come from the operation's id: a repeated poll answers the same. */
export function connectivityBody(operationId: string, source: Resource, finding: Finding): Record<string, unknown> {
  const { connectionStatus, probesSent, probesFailed, latencies, extra } = finding;
  const first: Hop = {
    type: 'Source',
    address: source.address,
    resourceId: source.id,
    issues: finding.sourceIssues ?? [],
  };
  const hops = [first, ...finding.hops];
  const body = { hops: hops.map((_, index) => hopBody(operationId, hops, index, latencies)), connectionStatus };
  const [minLatencyInMs, avgLatencyInMs, maxLatencyInMs] = latencies ?? [];
  return {
    ...body,
    ...(latencies && { avgLatencyInMs, minLatencyInMs, maxLatencyInMs }),
    probesSent,
    probesFailed,
    ...extra,
  };
}

function hopBody(operationId: string, hops: readonly Hop[], index: number, latencies: Finding['latencies']) {
  const id = (at: number) => derivedUuid(operationId, String(at));
  const [previous, hop, next] = [hops[index - 1], hops[index], hops[index + 1]];
  return {
    type: hop?.type,
    id: id(index),
    address: hop?.address,
    resourceId: hop?.resourceId ?? '',
    nextHopIds: next ? [id(index + 1)] : [],
    links: next ? [linkBody(id(index + 1), next, latencies)] : [],
    previousHopIds: previous ? [id(index - 1)] : [],
    previousLinks: previous && hop ? [linkBody(id(index - 1), hop)] : [],
    issues: (hop?.issues ?? []).map(issueBody),
  };
}

/** The link that leads to `hop`, as seen from the hop at its other end. */
function linkBody(nextHopId: string, { linkIssues = [], linkContext = {} }: Hop, latencies?: Finding['latencies']) {
  const [roundTripTimeMin, roundTripTimeAvg, roundTripTimeMax] = latencies ?? [];
  const properties = latencies ? { roundTripTimeMin, roundTripTimeAvg, roundTripTimeMax } : {};
  return {
    nextHopId,
    type: '5',
    properties,
    context: linkContext,
    issues: linkIssues.map(issueBody),
    resourceId: '',
  };
}

function issueBody({ origin, severity, type, context = {} }: Issue) {
  return { origin, severity, type, context: Object.entries(context).map(([key, value]) => ({ key, value })) };
}
