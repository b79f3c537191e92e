/** What wakes a set's next step. A message names a set and says nothing else that is believed. */
export interface SetQueue {
  /** Throws the Problem `StorageUnavailable`; the message may have been sent all the same. */
  readonly send: (setId: string, delaySeconds: number) => Promise<void>;
}
