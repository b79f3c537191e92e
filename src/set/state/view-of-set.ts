import { blankProbeHeaders } from '../../check/state/blank-probe-headers.ts';
import type { RefusedView, SetCheckView, SetCounts, SetSummary, SetView } from '../../contract/answer/set.ts';
import { stripQuery } from '../../contract/strip-query.ts';
import { flowInWords, flowOf } from '../../verdict/words/flow.ts';
import { type CheckSet, isRunning, type Member, type Outcome } from './set.ts';

type Members = readonly Member[];

export function summaryOf(set: CheckSet, members: Members): SetSummary {
  const { id, name, createdAt, rerunOf, callback, total } = set;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    createdAt,
    ...(rerunOf === undefined ? {} : { rerunOf }),
    ...(callback === undefined ? {} : { callback }),
    total,
    counts: countsOf(members),
  };
}

/** A set as its reader sees it. */
export const viewOfSet = (set: CheckSet, members: Members): SetView => ({
  ...summaryOf(set, members),
  checks: members.filter(isShown).map(cellOf),
});

/** What of a set was refused, and why. */
export const refusedOf = (members: Members): readonly RefusedView[] =>
  members
    .filter(isShown)
    .flatMap((member) => (member.state.kind === 'refused' ? [{ ...targetOf(member), error: member.state.error }] : []));

const isShown = ({ state }: Member): boolean => state.kind !== 'refused' || state.hidden !== true;

function countsOf(members: Members): SetCounts {
  const count = (is: (member: Member) => boolean): number => members.filter(is).length;
  const came = (reachability: Outcome['reachability']) =>
    count(({ state }) => state.kind === 'check' && state.reachability === reachability && reachability !== undefined);
  const ended = (status: 'Failed' | 'Canceled') =>
    count(({ state }) => (state.kind === 'check' || state.kind === 'ended') && state.status === status);
  return {
    running: count(isRunning),
    reachable: came('Reachable'),
    unreachable: came('Unreachable'),
    degraded: came('Degraded'),
    inconclusive: came('Inconclusive'),
    failed: ended('Failed'),
    canceled: ended('Canceled'),
    refused: count(({ state }) => state.kind === 'refused'),
  };
}

function cellOf(member: Member): SetCheckView {
  const { state } = member;
  const target = targetOf(member);
  switch (state.kind) {
    case 'waiting':
      return {
        ...target,
        status: 'NotStarted',
        sentence: `The check whether ${whetherOf(member)} waits for its turn.`,
      };
    case 'refused':
      return { ...target, status: 'Refused', sentence: state.error.message, error: state.error };
    case 'ended':
      return {
        ...target,
        ...{ status: state.status, sentence: state.sentence },
        ...(state.error === undefined ? {} : { error: state.error }),
      };
    case 'check': {
      const { id, status, reachability, sentence } = state;
      const changed = changeOf(member);
      return {
        ...target,
        ...{ id, status },
        ...(reachability === undefined ? {} : { reachability }),
        ...(changed === undefined ? {} : { changed }),
        sentence,
      };
    }
  }
}

/** Names of the policy stay names where it refuses: what they stand for is for those who may test it. */
function targetOf(member: Member): Pick<SetCheckView, 'source' | 'destination' | 'port' | 'protocol'> {
  const { request, named, state } = member;
  const { source, destination, protocol } = request;
  const names = state.kind === 'refused' ? named : undefined;
  const port = names?.destination === undefined ? destination.port : names.port;
  return {
    source: names?.source ?? source.resourceId,
    destination: names?.destination ?? destination.resourceId ?? stripQuery(destination.address) ?? '',
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
  };
}

/** `web-01 can reach 10.1.2.4 on TCP port 1433` */
export const whetherOf = ({ request }: Pick<Member, 'request'>): string =>
  flowInWords(flowOf(blankProbeHeaders(request)));

/** How a member came out; `undefined` where nothing did. */
export function outcomeOfMember({ state }: Member): Outcome | undefined {
  if (state.kind !== 'check' || (state.status !== 'Succeeded' && state.status !== 'Failed')) return undefined;
  const { reachability, codes } = state;
  return { ...(reachability === undefined ? {} : { reachability }), codes };
}

function changeOf(member: Member): boolean | undefined {
  const after = outcomeOfMember(member);
  const { before } = member;
  if (!before || !after) return undefined;
  return before.reachability !== after.reachability || textOf(before.codes) !== textOf(after.codes);
}

const textOf = (codes: readonly string[]): string => [...new Set(codes)].toSorted().join(' ');
