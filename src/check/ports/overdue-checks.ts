/** What the sweeper sees of open checks. */
export interface OverdueChecks {
  /**
   * Open checks that nothing has moved since they became due, as several streams that can be read at the same time. Each
   * check is answered to one sweeper only, as it is read, and again after growing intervals, so that a backlog does not
   * feed itself. A marker of what is not there is removed, and `tellStray` hears of it. Reading throws the Problem `StorageUnavailable`.
   */
  readonly claim: (now: Date, tellStray?: (id: string) => void) => readonly AsyncIterable<string>[];
}
