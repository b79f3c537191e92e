import type { PastRequest } from '../../policy/limits.ts';

/** What a requester asked for lately. It is kept with the checks themselves, so it holds across instances. */
export interface RequesterHistory {
  /**
   * Requests since then: all of the last minute, and of those before it the open ones and those of `destination` (a `destinationKey`).
   * Throws the Problem `StorageUnavailable`.
   */
  readonly since: (
    requesterId: string,
    since: Date,
    now: Date,
    destination?: string,
  ) => Promise<readonly PastRequest[]>;
  /** How many were refused since then and have an event of their own; counted up to `most`. Throws the same. */
  readonly refusedSince: (requesterId: string, since: Date, most: number) => Promise<number>;
  /** Remembers a request that was refused; one that was not refused for a limit counts among the requests of a minute. */
  readonly addRefused: (requesterId: string, at: Date, id: string, overLimit: boolean) => Promise<void>;
}
