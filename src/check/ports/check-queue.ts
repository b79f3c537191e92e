/** What wakes the worker. A message names a check and says nothing else that is believed. */
export interface CheckQueue {
  /** Throws the Problem `StorageUnavailable`; the message may have been sent all the same. */
  readonly send: (checkId: string, delaySeconds: number) => Promise<void>;
}
