import {
  type ConnectivityHop,
  type ConnectivityInformation,
  connectivityInformationSchema,
} from '../arm/connectivity-information.ts';
import { resultIn } from '../arm/operation-body.ts';
import type { ConnectivityParameters } from '../arm/connectivity-parameters.ts';
import { type SourceState, unknownState } from '../contract/answer/source.ts';
import type { Reason, Verdict } from '../contract/verdict.ts';
import { type Flow, flowInWords, flowOf } from './words/flow.ts';
import { causesAmong } from './issue/causes-among.ts';
import { issueReasons, type Sighting } from './issue/issue-reasons.ts';
import { isAppliance, type Place, placeOf } from './words/place.ts';
import { probesOf } from './words/probes.ts';
import { noteOf, isContradicted } from './issue/contradiction.ts';
import { reachabilityOf } from './reachability-of.ts';
import { type Findings, statusReasons } from './status-reasons.ts';
import { couldNotTell, summaryOf } from './summary.ts';

const MAX_REASONS = 10;

const unreadable: Reason = {
  code: 'UnreadableResult',
  message: "Azure's answer is not a connectivity result.",
  action: 'Check again; if it stays, open a support request with the raw result.',
  owner: 'platform',
};

/** The verdict on ARM's answer to that request, whatever it is: there is one for every value, and making it never throws. The state of the source tells why nothing was probed. */
export function verdictOf(body: unknown, request: ConnectivityParameters, source: SourceState = unknownState): Verdict {
  const { data: information } = connectivityInformationSchema.safeParse(resultIn(body));
  const flow = flowOf(request);
  if (information !== undefined) return verdictOn(information, flow, source);
  return {
    summary: couldNotTell(flowInWords(flow), '', unreadable),
    reachability: 'Inconclusive',
    reasons: [unreadable],
  };
}

type Path = readonly (readonly [ConnectivityHop, Place])[];

function verdictOn(information: ConnectivityInformation, flow: Flow, source: SourceState): Verdict {
  const path: Path = information.hops.map((hop, index) => [hop, placeOf(hop, index, flow)]);
  const names = namesOn(path, flow);
  const findings = findingsOf(information, path, source);
  const sightings = issueReasons(path, flow, names);
  const contradicted = sightings.filter((sighting) => isContradicted(sighting, findings));
  const live = causesAmong(sightings.filter((sighting) => !contradicted.includes(sighting)));
  const reasons = atMost([
    ...live.map(({ reason }) => reason),
    ...statusReasons(findings, flow, names, isExplained(live, findings)),
    ...causesAmong(contradicted).map((sighting) => noteOf(sighting, findings)),
  ]);
  const summary = summaryOf(information, findings, flow, names, reasons);
  return { summary, reachability: findings.reachability, reasons };
}

function findingsOf(information: ConnectivityInformation, path: Path, source: SourceState): Findings {
  return {
    reachability: reachabilityOf(information),
    status: information.connectionStatus ?? '',
    probes: probesOf(information),
    source,
    appliance: path.find(([hop, { role }]) => role === 'between' && isAppliance(hop))?.[1].inWords,
  };
}

/** Source and destination with the addresses that the path tells of them. */
function namesOn(path: Path, flow: Flow) {
  const nameOf = (role: Place['role']) => path.find(([, place]) => place.role === role)?.[1].name;
  return {
    source: nameOf('source') ?? flow.source,
    destination: nameOf('destination') ?? flow.destination ?? 'the destination',
  };
}

/** Whether the issues leave nothing to explain. Something in the destination does not explain why nothing was sent to it. */
function isExplained(live: readonly Sighting[], { probes }: Findings): boolean {
  if (probes.sent !== 0) return live.length > 0;
  return live.some(({ kind, place }) => place.role === 'source' || kind === 'path' || kind === 'symptom');
}

function atMost(reasons: readonly Reason[]): Reason[] {
  const told = reasons.slice(0, MAX_REASONS);
  return reasons.length > MAX_REASONS ? [...told, furtherIssues(reasons.length - MAX_REASONS)] : told;
}

const furtherIssues = (count: number): Reason => ({
  code: 'FurtherIssues',
  message: `Azure reports ${count} further ${count === 1 ? 'issue' : 'issues'}.`,
  action: 'Read them in the raw result.',
  owner: 'requester',
});
