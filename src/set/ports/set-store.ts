import type { CheckSet, Member, MemberState } from '../state/set.ts';

/** A member as it was read; `version` is the fence of whoever moves it. */
export interface StoredMember extends Member {
  readonly version: string;
}

/** A set with its members in the order asked; `version` is the fence of the set's own next write. */
export interface StoredSet {
  readonly set: CheckSet;
  readonly version: string;
  readonly members: readonly StoredMember[];
  /** Nothing proves that this was asked for. */
  readonly unsigned?: true | undefined;
}

/** What becomes of a member that is no check. */
export interface MemberEnd {
  readonly member: StoredMember;
  readonly state: Extract<MemberState, { kind: 'refused' | 'ended' }>;
}

export interface SetPage {
  /** Newest first. */
  readonly ids: readonly string[];
  /** Where the next page begins; absent where there is none. */
  readonly next?: string | undefined;
}

/**
 * Where sets are kept. Every method throws the Problem `StorageUnavailable` where it cannot be known what is stored, and
 * only then: a write that may have landed is read again first. Those that read throw `InternalError`, which names the row,
 * where that is not as it was written.
 */
export interface SetStore {
  /**
   * Keeps a set, of whose members `waiting` are expected to wait; from then on it is accepted. `key` stands for an
   * idempotency key. Answers the id of the set that is kept: of racing sets of one key the first.
   */
  readonly insert: (set: CheckSet, members: readonly Member[], waiting: number, key?: string) => Promise<string>;
  /** What was not asked for is there only for those who end it: they ask for what is `forged`, too. */
  readonly find: (id: string, also?: 'forged') => Promise<StoredSet | undefined>;
  /** The set that was kept under a key. */
  readonly idOfKey: (key: string) => Promise<string | undefined>;
  /** Writes the set's own row and how many of its members wait. `undefined`: another writer was first. */
  readonly replace: (stored: StoredSet, next: CheckSet, waiting: number) => Promise<StoredSet | undefined>;
  /** Ends members that wait; their probe headers go. `false`: one of them has moved on, and not all are written. */
  readonly endMembers: (set: CheckSet, ends: readonly MemberEnd[]) => Promise<boolean>;
  /** How many members of this requester's sets wait, of sets that were made since then. */
  readonly waitingOf: (requesterId: string, since: Date) => Promise<number>;
  /** A requester's sets after a position. */
  readonly page: (requesterId: string, top: number, after?: string) => Promise<SetPage>;
}
