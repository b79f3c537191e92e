/**
 * The app's own secret, the same in every instance, with which ids are made from idempotency keys: whoever can guess a
 * key cannot compute the id. It is made where there is none, and asked of storage once in a process. Throws the Problem
 * `StorageUnavailable`.
 */
export type IdSecret = () => Promise<string>;
