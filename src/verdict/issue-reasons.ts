import type { ConnectivityHop, ConnectivityInformation, ConnectivityIssue } from '../arm/connectivity-information.ts';
import type { Reason } from '../contract/verdict.ts';
import { fill } from '../contract/fill.ts';
import { hopName } from './hop-name.ts';
import { issueMeaning } from './issues.ts';
import { plainText } from './plain-text.ts';

const MAX_REASONS = 10;
const MAX_WORD = 80;

interface Sighting {
  readonly hop: ConnectivityHop;
  readonly issue: ConnectivityIssue;
}

/** One reason for each issue of hops and links, errors before warnings, the same issue told once. */
export function issueReasons({ hops }: ConnectivityInformation): Reason[] {
  const sightings = sightingsOf(hops);
  const isWarning = ({ issue }: Sighting) => issue.severity?.trim().toLowerCase() === 'warning';
  const errorsFirst = [...sightings.filter((seen) => !isWarning(seen)), ...sightings.filter(isWarning)];
  const reasons = new Map(errorsFirst.map(reasonOf).map((reason) => [JSON.stringify(reason), reason]));
  const told = [...reasons.values()].slice(0, MAX_REASONS);
  return reasons.size > MAX_REASONS ? [...told, furtherIssues(reasons.size - MAX_REASONS)] : told;
}

// A link is told at the hop it leaves, so that the link and the next hop's view of it are one.
function sightingsOf(hops: readonly ConnectivityHop[]): Sighting[] {
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

function reasonOf({ hop, issue }: Sighting): Reason {
  const { code, message, action, owner } = issueMeaning(issue.type ?? '');
  const name = hopName(hop);
  const rule = ruleOf(issue);
  const values = {
    hop: name.inWords,
    rule: rule === '' ? '' : ` "${rule}"`,
    origin: plainText(issue.origin ?? '', MAX_WORD).toLowerCase() || 'direction unknown',
    type: plainText(issue.type ?? '', MAX_WORD) || 'without a name',
  };
  return {
    code,
    message: fill(message, values),
    ...(name.id === undefined ? {} : { hop: name.id }),
    ...(rule === '' ? {} : { rule }),
    action,
    owner,
  };
}

function ruleOf({ context }: ConnectivityIssue): string {
  const names = context.filter(({ key }) => /^(?:rule|route)name$/i.test(key ?? '')).map(({ value }) => value ?? '');
  return plainText(names.slice(0, MAX_REASONS).filter(Boolean).join(', '), 2 * MAX_WORD);
}

function furtherIssues(count: number): Reason {
  return {
    code: 'FurtherIssues',
    message: `Azure reports ${count} further issues.`,
    action: 'Read them in the raw result.',
    owner: 'network team',
  };
}
