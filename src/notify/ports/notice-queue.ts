import type { NoticeKey } from '../notice.ts';

/** What wakes whoever tells. A message names a notice and says nothing else. */
export interface NoticeQueue {
  /** Throws the Problem `StorageUnavailable`; the message may have been sent all the same. */
  readonly send: (key: NoticeKey, delaySeconds: number) => Promise<void>;
}
