import type { About, Notice, NoticeKey } from '../notice.ts';

/** A notice as it was read; `version` is the fence of the next write. */
export interface StoredNotice {
  readonly notice: Notice;
  readonly version: string;
}

/** Where notices are kept until whoever they are for knows. Every method throws the Problem `StorageUnavailable`. */
export interface NoticeStore {
  /** `false`: there is one of that key already, and it stays. */
  readonly insert: (notice: Notice) => Promise<boolean>;
  readonly find: (key: NoticeKey) => Promise<StoredNotice | undefined>;
  /** All that tell of the same end. */
  readonly findAll: (about: About) => Promise<readonly StoredNotice[]>;
  /** `undefined`: another writer was first, and nothing was written. */
  readonly replace: (stored: StoredNotice, next: Notice) => Promise<StoredNotice | undefined>;
  /** Another writer's notice stays. */
  readonly remove: (stored: StoredNotice) => Promise<void>;
  /**
   * Notices that nothing has moved since they became due. Each is answered to one sweeper only, as it is read, and again
   * after growing intervals.
   */
  readonly claimOverdue: (now: Date) => readonly AsyncIterable<NoticeKey>[];
}
