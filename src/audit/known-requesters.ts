import type { Requester } from '../contract/requester.ts';

export type KnownRequester = Pick<Requester, 'id' | 'name' | 'kind'>;

/**
 * What the audit's requesters were ever called, and which rules ever decided, so that a word which nobody bears can be told
 * from one that merely has no hits. Every method throws the Problem `StorageUnavailable`.
 */
export interface KnownRequesters {
  /** Those of that display name, whatever its letter case; at most `MOST_NAMESAKES`. */
  readonly named: (name: string) => Promise<readonly KnownRequester[]>;
  /** Whether a rule of that id ever decided a request of that requester's or, where none is named, of anybody's. */
  readonly hasDecided: (
    rule: string,
    how: { readonly requesterId?: string | undefined; readonly byAllowing: boolean },
  ) => Promise<boolean>;
}

/** Nobody picks one of more. */
export const MOST_NAMESAKES = 20;
