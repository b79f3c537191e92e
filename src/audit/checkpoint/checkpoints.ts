/** Where checkpoints are kept; each is written once. Every method throws the Problem `AuditUnavailable`. */
export interface Checkpoints {
  readonly read: (sequence: number) => Promise<string | undefined>;
  /** `false`: there is one of that sequence already. */
  readonly create: (sequence: number, text: string) => Promise<boolean>;
  /** The highest sequence that is there, 0 where none is; it looks at every name, so it is for a head that was lost. */
  readonly highest: () => Promise<number>;
}

/** The newest checkpoint, as it is noted apart from the checkpoints, so that one that is taken from the end is missed. */
export interface Head {
  readonly sequence: number;
  readonly hash: string;
}

/** An event that no checkpoint is known to cover, as its marker names it: whether there can be such an event is not said. */
export interface Unsealed {
  readonly chain: string;
  readonly sequence: number;
  readonly time: string;
  /** Where its marker is, and where it stands among all that wait. */
  readonly shard: string;
  readonly key: string;
}

/** What is to be sealed. Every method throws the Problem `AuditUnavailable`. */
export interface SealState {
  readonly head: () => Promise<Head | undefined>;
  /** Notes a head, unless a newer one is noted. */
  readonly note: (head: Head) => Promise<void>;
  /** Events that were announced and are not covered, at most `limit`, by key, those after a given key. */
  readonly waiting: (limit: number, after?: string) => Promise<readonly Unsealed[]>;
  /** Those of the events that are in the log, each with the text as which it is kept. */
  readonly present: (events: readonly Unsealed[]) => AsyncIterable<{ readonly event: Unsealed; readonly text: string }>;
  /** Where the last run stopped, if it did not come to the end. */
  readonly stoppedAt: () => Promise<string | undefined>;
  readonly noteStop: (key: string | undefined) => Promise<void>;
  readonly forget: (events: readonly Unsealed[]) => Promise<void>;
}
