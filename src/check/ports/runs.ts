/** Which check POSTs, or POSTed last, for all that are equal. */
export interface Run {
  readonly checkId: string;
  /** Shortly before its first POST. */
  readonly at: Date;
}

/** A note as it was read; `version` is the fence of the next write. */
export interface NotedRun {
  readonly run: Run;
  readonly version: string;
}

/**
 * A note for each kind of check: the newest run at Azure, by what equal checks have in common. Every method throws the
 * Problem `StorageUnavailable`.
 */
export interface Runs {
  readonly find: (joinKey: string) => Promise<NotedRun | undefined>;
  /** In place of the note of that version, or the first. `false`: another was first, or this write was sent twice. */
  readonly note: (joinKey: string, run: Run, version?: string) => Promise<boolean>;
}
