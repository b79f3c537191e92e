/** What wakes the worker. A message names a request and says nothing else. */
export interface ChatQueue {
  /** Throws the Problem `StorageUnavailable`; the message may have been sent all the same. */
  readonly send: (requestId: string, delaySeconds: number) => Promise<void>;
}
