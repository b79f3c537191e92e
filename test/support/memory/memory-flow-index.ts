import { endedCheckOf, isFailure } from '../../../src/check/flow/ended-check.ts';
import type { EndedCheck, FlowIndex } from '../../../src/check/flow/flow-index.ts';
import { type Pair, type Question, questionOf } from '../../../src/check/flow/question.ts';
import { foldCase } from '../../../src/arm/fold-case.ts';
import type { Check } from '../../../src/check/state/check.ts';

const pairOf = ({ source, destination: { resourceId, address } }: Pair): string =>
  JSON.stringify([foldCase(source), resourceId === undefined ? { address } : foldCase(resourceId)]);
const keyOf = (question: Question): string =>
  JSON.stringify([pairOf(question), question.port ?? 0, question.protocol ?? '']);

/** The port's rules on the rows of a memory store; held to the same suite as Azure Table storage. */
export function memoryFlowIndex(rows: () => readonly Check[]): FlowIndex {
  const ended = (): EndedCheck[] => rows().flatMap((check) => endedCheckOf(check) ?? []);
  const oldestFirst = (question: Question): EndedCheck[] =>
    ended()
      .filter((each) => keyOf(questionOf(each.request)) === keyOf(question))
      .sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));
  return {
    questions: (pair, most) => {
      const ofPair = ended().filter((each) => pairOf(questionOf(each.request)) === pairOf(pair));
      const newest = ofPair.sort((a, b) => (a.at > b.at ? -1 : 1)).map(({ request }) => questionOf(request));
      const once = new Map(newest.map((question) => [keyOf(question), question]));
      return Promise.resolve([...once.values()].slice(0, most));
    },
    newest: (question, which, most, before) => {
      const isMeant = ({ reachability }: EndedCheck): boolean =>
        which === 'all' || (which === 'reachable' ? reachability === 'Reachable' : reachability !== undefined);
      const found = oldestFirst(question).filter(
        (each) => isMeant(each) && (before === undefined || new Date(each.at) < before),
      );
      return Promise.resolve(found.reverse().slice(0, most));
    },
    failures: (question, most, after) =>
      Promise.resolve(
        oldestFirst(question)
          .filter(({ at, reachability }) => isFailure(reachability) && (after === undefined || new Date(at) > after))
          .slice(0, most),
      ),
  };
}
