import type { EventKey } from '../audit-log.ts';
import type { Head } from '../checkpoint/checkpoint.ts';

/** The newest checkpoint, as it is noted apart from the checkpoints, so that one that is taken from the end is missed. */
export interface NotedHead extends Head {
  /** Of the note, so that a newer one is not overwritten. */
  readonly version: string;
}

/** An event that was announced and that no checkpoint is known to cover: what its marker says, whether there can be such an event or not. */
export interface Pending extends EventKey {
  /** Where its marker stands: in which shard, and as what among all that are pending. */
  readonly shard: string;
  readonly key: string;
}

/** What is to be sealed. Every method throws the Problem `AuditUnavailable`. */
export interface SealState {
  /** A note that is not as it was written is answered as that of number 0, which no checkpoint has. */
  readonly head: () => Promise<NotedHead | undefined>;
  /** Replaces the note of that version, or makes it where there was none; where another instance was faster, its note stays. */
  readonly note: (head: Head, version: string | undefined) => Promise<void>;
  /** At most `limit`, by key, those after one key and up to another. */
  readonly pending: (limit: number, after: string, upTo: string) => Promise<readonly Pending[]>;
  /** Those of the events that are in the log, each with the text as which it is kept. */
  readonly present: <E extends EventKey>(
    events: readonly E[],
  ) => AsyncIterable<{ readonly event: E; readonly text: string }>;
  /** Removes markers. */
  readonly forget: (events: readonly Pending[]) => Promise<void>;
  /** Storage's own clock, which all instances share. */
  readonly clock: () => Promise<Date>;
}
