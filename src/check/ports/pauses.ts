/** When the proxy was paused, so that paused time does not count toward deadlines. */
export interface Pauses {
  /** Notes that the proxy is paused in this minute; several instances may note the same. */
  readonly note: (now: Date) => Promise<void>;
  /** How much of that time was paused, in whole minutes. Throws the Problem `StorageUnavailable`. */
  readonly secondsBetween: (from: Date, to: Date) => Promise<number>;
}
