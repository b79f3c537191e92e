/** What somebody was told where others read along. */
export interface KeptCard {
  /** Object id of who was told it: nobody else gets it. */
  readonly user: string;
  /** The card, as JSON. */
  readonly card: string;
  /** The check that it is of, if it is of one, and how that stood. */
  readonly check?: { readonly id: string; readonly state: string | undefined } | undefined;
}

/** Cards that the bot shows to their asker when Teams asks for them. Throws the Problem `StorageUnavailable`. */
export interface KeptCards {
  /** Under the id of the request, in place of what was told before. */
  readonly put: (requestId: string, kept: KeptCard, until: Date) => Promise<void>;
  readonly find: (requestId: string) => Promise<KeptCard | undefined>;
  /** Removes those whose time is over. */
  readonly forget: (now: Date) => Promise<void>;
}
