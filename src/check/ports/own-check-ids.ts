/** Ids of a requester's newest checks, newest first, at most `most`. Throws the Problem `StorageUnavailable`. */
export type OwnCheckIds = (requesterId: string, most: number) => Promise<readonly string[]>;
