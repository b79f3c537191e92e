/** What the sweeper sees of open checks. */
export interface OverdueChecks {
  /**
   * Open checks that nothing has moved since they became due, at most `limit` of them. Each is answered to one sweeper
   * only, and again after growing intervals, so that a backlog does not feed itself.
   */
  readonly claim: (now: Date, limit: number) => AsyncIterable<string>;
}
