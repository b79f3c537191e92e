import type { Addressed, ChatRequest } from '../request.ts';

/** A request as it was read; `version` is the fence of the next write. */
export interface StoredChatRequest extends Addressed {
  readonly version: string;
}

/** Where requests are kept until they are answered, and a while longer, so that repeats meet them. Throws the Problem `StorageUnavailable`. */
export interface ChatRequests {
  /** One write, and nothing is read. `false`: it is there already, and stays as it is. */
  readonly insert: (addressed: Addressed) => Promise<boolean>;
  readonly find: (id: string) => Promise<StoredChatRequest | undefined>;
  /** `undefined`: another writer was first, and nothing was written. Without an address none is kept any more. */
  readonly replace: (stored: StoredChatRequest, next: Addressed) => Promise<StoredChatRequest | undefined>;
  /** Requests that nothing has moved since they became due. Each is answered to one sweeper only, and again after growing intervals. */
  readonly claimOverdue: (now: Date) => AsyncIterable<ChatRequest>;
  readonly remove: (id: string) => Promise<void>;
}
