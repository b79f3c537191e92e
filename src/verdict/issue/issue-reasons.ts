import type { ConnectivityHop, ConnectivityIssue } from '../../arm/connectivity-information.ts';
import type { Reason } from '../../contract/verdict.ts';
import { fill } from '../../contract/fill.ts';
import type { Flow } from '../words/flow.ts';
import { contextOf, holds, issueValues } from './issue-values.ts';
import { type IssueKind, type IssueMeaning, issueMeanings, unknownIssue } from './issue-meanings.ts';
import type { Place } from '../words/place.ts';

/** An issue that Azure reports, with what it means and where. */
export interface Sighting {
  readonly kind: IssueKind;
  readonly place: Place;
  readonly reason: Reason;
  /** Azure's own word. */
  readonly word: string;
}

interface Seen {
  readonly hop: ConnectivityHop;
  readonly issue: ConnectivityIssue;
}

/** What a sentence names besides the hop. */
export interface Names {
  readonly source: string;
  readonly destination: string;
}

/** What Azure reports on that path, each once, errors before warnings, and the certain ones first. */
export function issueReasons(
  path: readonly (readonly [ConnectivityHop, Place])[],
  flow: Flow,
  names: Names,
): Sighting[] {
  const places = new Map(path);
  const seen = joined(seenOn(path.map(([hop]) => hop)));
  const isWarning = ({ issue }: Seen) => issue.severity?.trim().toLowerCase() === 'warning';
  const isDoubted = ({ issue }: Seen) => holds('allow rule', contextOf(issue), flow);
  // Certain errors, errors that a rule's name contradicts, warnings: who reads one sentence reads the first.
  const rank = (each: Seen) => (isWarning(each) ? 2 : Number(isDoubted(each)));
  const errorsFirst = seen.toSorted((one, other) => rank(one) - rank(other));
  const told = errorsFirst.flatMap(({ hop, issue }) => {
    const place = places.get(hop);
    return place === undefined ? [] : [sightingOf(issue, place, flow, names)];
  });
  return [...new Map(told.map((sighting) => [JSON.stringify(sighting.reason), sighting])).values()];
}

// A link is told at the hop it leaves, so that the link and the next hop's view of it are one.
function seenOn(hops: readonly ConnectivityHop[]): Seen[] {
  const byId = new Map(hops.map((hop) => [hop.id, hop]));
  return hops.flatMap((hop) => [
    ...hop.issues.map((issue) => ({ hop, issue })),
    ...hop.links.flatMap(({ issues }) => issues.map((issue) => ({ hop, issue }))),
    ...hop.previousLinks.flatMap(({ issues, nextHopId }) => {
      const previous = (nextHopId === undefined ? undefined : byId.get(nextHopId)) ?? hop;
      return issues.map((issue) => ({ hop: previous, issue }));
    }),
  ]);
}

// Azure reports both where it cannot tell them apart.
const closedPort = ['nolistenerondestination', 'guestfirewall'];
const eitherOf: ConnectivityIssue['type'] = 'NoListenerOrGuestFirewall';

/** Two words that stand for one cause become one. */
function joined(seen: readonly Seen[]): Seen[] {
  const hasBoth = ({ hop }: Seen) =>
    closedPort.every((word) => seen.some((other) => other.hop === hop && wordOf(other.issue) === word));
  return seen.map((each) =>
    closedPort.includes(wordOf(each.issue)) && hasBoth(each)
      ? { ...each, issue: { ...each.issue, type: eitherOf } }
      : each,
  );
}

function sightingOf(issue: ConnectivityIssue, place: Place, flow: Flow, names: Names): Sighting {
  const context = contextOf(issue);
  const { kind, code, message, action, owner } = meaningOf(issue, context, flow);
  const said = issueValues(issue, flow, context);
  const values = { ...said, ...names, hop: place.inWords };
  const rule = context.rule || context.route;
  const reason = {
    code,
    message: fill(message, values),
    ...(place.id === undefined ? {} : { hop: place.id }),
    ...(place.address === undefined || place.address === place.id ? {} : { address: place.address }),
    ...(rule === '' ? {} : { rule }),
    action: fill(action, values),
    owner,
  };
  return { kind, place, reason, word: code === eitherOf ? 'NoListenerOnDestination and GuestFirewall' : said.type };
}

// Azure's list is open, so an unknown word has a meaning too.
function meaningOf(issue: ConnectivityIssue, context: ReturnType<typeof contextOf>, flow: Flow): IssueMeaning {
  const word = wordOf(issue);
  const fits = ({ code, when }: IssueMeaning) => code.toLowerCase() === word && holds(when, context, flow);
  return issueMeanings.find(fits) ?? unknownIssue;
}

const wordOf = ({ type }: ConnectivityIssue): string => type?.trim().toLowerCase() ?? '';
