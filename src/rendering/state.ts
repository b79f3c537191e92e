import type { CheckView } from '../contract/check.ts';
import type { Reachability } from '../contract/verdict.ts';

/** How a check stands, in one word for colours and signs. */
export type State =
  'waiting' | 'running' | 'reachable' | 'degraded' | 'unreachable' | 'inconclusive' | 'failed' | 'canceled' | 'refused';

/** What stands beside the colour, for whoever does not see it. */
export const stateWords: Readonly<Record<State, string>> = {
  waiting: 'Waiting',
  running: 'Running',
  reachable: 'Reachable',
  degraded: 'Degraded',
  unreachable: 'Unreachable',
  inconclusive: 'Inconclusive',
  failed: 'Failed',
  canceled: 'Canceled',
  refused: 'Refused',
};

/** For whoever sees no colour; the word stands beside it. */
export const stateSigns: Readonly<Record<State, string>> = {
  waiting: '…',
  running: '…',
  reachable: '✓',
  degraded: '!',
  unreachable: '✗',
  inconclusive: '?',
  failed: '!',
  canceled: '–',
  refused: '✗',
};

const ofReachability: Readonly<Record<Reachability, State>> = {
  Reachable: 'reachable',
  Degraded: 'degraded',
  Unreachable: 'unreachable',
  Inconclusive: 'inconclusive',
};

const ofStatus: Readonly<Record<CheckView['status'] | 'Refused', State>> = {
  NotStarted: 'waiting',
  Running: 'running',
  Succeeded: 'inconclusive',
  Failed: 'failed',
  Canceled: 'canceled',
  Refused: 'refused',
};

/** The state of a check, or of a member of a set. A word that is not known says nothing for sure. */
export function stateOf(status: CheckView['status'] | 'Refused', reachability?: Reachability): State {
  return reachability === undefined ? ofStatus[status] : ofReachability[reachability];
}

/** The state that one side of a comparison, or a check of a flow's history, ended in. */
export function endState(end: {
  reachability?: Reachability | undefined;
  error?: { code: string } | undefined;
}): State {
  if (end.reachability !== undefined) return ofReachability[end.reachability];
  return end.error?.code === 'CheckCanceled' ? 'canceled' : 'failed';
}
