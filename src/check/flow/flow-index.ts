import type { Reachability } from '../../contract/verdict.ts';
import type { SeenCheck } from '../sight/sight.ts';
import type { Pair, Question } from './question.ts';

/** A check that has ended, and was not canceled, as the index of flows has it: enough to decide who may be told of it, and what. */
export interface EndedCheck extends SeenCheck {
  /** When it ended. */
  readonly at: string;
  readonly reachability?: Reachability | undefined;
  /** Of one without a reachability: the code of its error. */
  readonly code?: string | undefined;
}

/** All checks that have ended, by what they ask. What is asked for costs the same, however many there are. Every method throws the Problem `StorageUnavailable`. */
export interface FlowIndex {
  /** Ports and protocols of checks of the pair: at most `most`, that with the newest check first. */
  readonly questions: (pair: Pair, most: number) => Promise<readonly Question[]>;
  /**
   * At most `most` checks of the question that ended before that time, newest first: all, those with a reachability, or
   * those that were `Reachable`.
   */
  readonly newest: (
    question: Question,
    which: 'all' | 'withReachability' | 'reachable',
    most: number,
    before?: Date,
  ) => Promise<readonly EndedCheck[]>;
  /** At most `most` checks that were `Unreachable` or `Degraded` and ended after that time, oldest first. */
  readonly failures: (question: Question, most: number, after?: Date) => Promise<readonly EndedCheck[]>;
}
