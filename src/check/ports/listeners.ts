/** Who is told of an end, and where: a secret, kept apart from the check, and no longer than it is needed. */
export interface Recipient {
  readonly kind: 'callback';
  readonly url: string;
}

/** Those who must be told of a check's end. Every method throws the Problem `StorageUnavailable`. */
export interface Listeners {
  /** To be done before the check is accepted. Can be done again: a check has one recipient of a kind, and the first stays. */
  readonly add: (checkId: string, recipient: Recipient) => Promise<void>;
  /** The check has ended: from now on they are going to be told, whatever happens. Can be done again. */
  readonly wake: (checkId: string) => Promise<void>;
}
