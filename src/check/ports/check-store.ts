import type { Check } from '../state/check.ts';

/** A check as it was read; `version` is the fence of the next write. */
export interface Stored<C extends Check = Check> {
  readonly check: C;
  readonly version: string;
  /** Nothing proves that the app wrote it; nor is what is written on top of it signed. */
  readonly unsigned?: true | undefined;
}

/**
 * Where checks are kept. Every method throws the Problem `StorageUnavailable` where it cannot be known what is stored,
 * and only then: a write that may have landed is read again first. `find` and `answer` throw `InternalError`, which names the
 * row, where that is not as it was written.
 */
export interface CheckStore {
  /**
   * `false`: a check of that id exists already or, of a set's member, the member is not of that version any more. What the
   * set shows of a member changes with every write of its check, in the same transaction.
   */
  readonly insert: (check: Check, memberVersion?: string) => Promise<boolean>;
  /** What was not accepted is there only for those who end it: they ask for what is `forged`, too. */
  readonly find: (id: string, also?: 'forged') => Promise<Stored | undefined>;
  /**
   * Writes `next` and, where given, ARM's final answer, in one transaction. `undefined`: another writer was first, and
   * nothing was written. Throws the Problem `ResultTooLarge` where the answer does not fit.
   */
  readonly replace: <C extends Check>(stored: Stored, next: C, answer?: string) => Promise<Stored<C> | undefined>;
  /** ARM's final answer as it came; `undefined` where none was kept. */
  readonly answer: (id: string) => Promise<string | undefined>;
}
