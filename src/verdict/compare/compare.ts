import { type ConnectivityInformation } from '../../arm/connectivity-information.ts';
import type { ConnectivityParameters } from '../../arm/connectivity-parameters.ts';
import type { Change } from '../../contract/answer/comparison.ts';
import type { Reachability, Reason } from '../../contract/verdict.ts';
import { flowOf } from '../words/flow.ts';
import { probesOf } from '../words/probes.ts';
import { comparePaths } from './compare-paths.ts';
import { pathOf } from './path-of.ts';

/** What one check came to. */
export interface Outcome {
  readonly request: ConnectivityParameters;
  readonly reachability?: Reachability | undefined;
  /** Of a check without a reachability: what it ended with, such as `AzureFailed` or `Canceled`. */
  readonly code?: string | undefined;
  readonly reasons: readonly Reason[];
  /** Azure's result, where there is one. */
  readonly information?: ConnectivityInformation | undefined;
}

const LATENCY_MILLISECONDS = 5;
const LATENCY_SHARE = 0.5;
const LOSS_POINTS = 5;

/** What a person would see of two checks of one question, and what is not as it was. Ids that Azure draws anew count for nothing. */
export function compare(before: Outcome, after: Outcome): Change[] {
  // One that came to no result says nothing of reasons and path, so nothing of them is known to be new or gone.
  if (!before.reachability || !after.reachability) return compareReachability(before, after);
  return [
    ...compareReachability(before, after),
    ...compareReasons(before, after),
    ...compareHops(before, after),
    ...compareLatency(before.information, after.information),
    ...compareLoss(before.information, after.information),
  ];
}

const words: Readonly<Record<Reachability, readonly [was: string, is: string]>> = {
  Reachable: ['the destination was reachable', 'it is reachable'],
  Unreachable: ['the destination was unreachable', 'it is unreachable'],
  Degraded: ['the destination was reachable only in part', 'it is reachable only in part'],
  Inconclusive: ['it could not be found out whether the destination is reachable', 'it cannot be found out'],
};

function compareReachability(before: Outcome, after: Outcome): Change[] {
  const [old, young] = [outcomeOf(before), outcomeOf(after)];
  if (old === young) return [];
  const was = before.reachability ? words[before.reachability][0] : `the check ended with ${old}`;
  const is = after.reachability ? words[after.reachability][1] : `the check ended with ${young}`;
  return [{ what: 'reachability', before: old, after: young, sentence: `Before, ${was}; now ${is}.` }];
}

const outcomeOf = ({ reachability, code = 'Unknown' }: Outcome): string => reachability ?? code;

function compareReasons(before: Outcome, after: Outcome): Change[] {
  const [old, young] = [reasonsOf(before), reasonsOf(after)];
  const gone = [...old].filter(([key]) => !young.has(key));
  const come = [...young].filter(([key]) => !old.has(key));
  return [
    ...gone.map(([, { code, message }]): Change => ({
      what: 'reason',
      before: code,
      sentence: `No longer: ${message}`,
    })),
    ...come.map(([, { code, message }]): Change => ({ what: 'reason', after: code, sentence: `New: ${message}` })),
  ];
}

/** By what makes it the same reason: its code, the place and the rule. Its words have counts in them, which vary. */
function reasonsOf({ reasons, information }: Outcome): ReadonlyMap<string, Reason> {
  const drawn = new Set(information?.hops.flatMap(({ id }) => id?.trim() ?? []));
  const placeOf = ({ hop = '' }: Reason): string => (drawn.has(hop) ? '' : hop.toLowerCase());
  return new Map(reasons.map((reason) => [JSON.stringify([reason.code, placeOf(reason), reason.rule]), reason]));
}

/** A check without a result has no path, and says nothing of it. */
function compareHops(before: Outcome, after: Outcome): Change[] {
  if (!before.information || !after.information) return [];
  const [old, young] = [before, after].map(({ information, request }) =>
    pathOf(information?.hops ?? [], flowOf(request)),
  );
  return comparePaths(old ?? [], young ?? []);
}

function compareLatency(before?: ConnectivityInformation, after?: ConnectivityInformation): Change[] {
  const [old, young] = [before?.avgLatencyInMs, after?.avgLatencyInMs];
  if (!isTime(old) || !isTime(young)) return [];
  const difference = Math.abs(young - old);
  // Of the smaller: what is a rise one way is a fall the other way.
  if (difference <= LATENCY_MILLISECONDS || difference <= LATENCY_SHARE * Math.min(old, young)) return [];
  return [
    {
      ...{ what: 'latency', before: old, after: young },
      sentence: `The average latency ${young > old ? 'rose' : 'fell'} from ${old} ms to ${young} ms.`,
    },
  ];
}

const isTime = (milliseconds: number | undefined): milliseconds is number =>
  milliseconds !== undefined && milliseconds >= 0;

function compareLoss(before?: ConnectivityInformation, after?: ConnectivityInformation): Change[] {
  const [old, young] = [lossOf(before), lossOf(after)];
  if (old === undefined || young === undefined || Math.abs(young - old) <= LOSS_POINTS) return [];
  const [was, is] = [Math.round(old), Math.round(young)];
  return [
    {
      ...{ what: 'loss', before: was, after: is },
      sentence: `The share of probes that failed ${young > old ? 'rose' : 'fell'} from ${was} % to ${is} %.`,
    },
  ];
}

/** In percent, where Azure sent probes and its counts can be believed. */
function lossOf(information: ConnectivityInformation | undefined): number | undefined {
  if (information === undefined) return undefined;
  const { sent = 0, failed } = probesOf(information);
  return failed === undefined || sent === 0 ? undefined : (100 * failed) / sent;
}
