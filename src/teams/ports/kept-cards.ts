import type { ShownCheck } from '../../chat/message.ts';

/** What somebody was told where others read along: a check, which is drawn whenever it is looked at, or a card. */
export type KeptCard = {
  /** Object id of who was told it: nobody else gets it. */
  readonly user: string;
} & (
  | { readonly check: ShownCheck }
  | {
      /** As JSON. */
      readonly card: string;
    }
);

/** What the bot shows to askers when Teams asks for it. Throws the Problem `StorageUnavailable`. */
export interface KeptCards {
  /** Under the id of the request, in place of what was told before. */
  readonly put: (requestId: string, kept: KeptCard, until: Date) => Promise<void>;
  readonly find: (requestId: string) => Promise<KeptCard | undefined>;
  /** Removes those whose time is over. */
  readonly forget: (now: Date) => Promise<void>;
}
