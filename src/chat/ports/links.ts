import type { Account } from '../account.ts';
import type { Link, OpenCode } from '../link/link.ts';

export interface StoredLink {
  readonly link: Link;
  readonly version: string;
}

export interface StoredCode {
  readonly code: OpenCode;
  readonly version: string;
}

/** Which account acts for whom, and which accounts are about to be linked. Every method throws the Problem `StorageUnavailable`. */
export interface Links {
  readonly find: (account: Account) => Promise<StoredLink | undefined>;
  readonly findById: (id: string) => Promise<StoredLink | undefined>;
  /** Of this requester; of everybody where none is named. */
  readonly list: (requesterId?: string) => Promise<readonly StoredLink[]>;
  /** Links to be looked after by now. */
  readonly due: (now: Date, most: number) => Promise<readonly StoredLink[]>;
  /** In place of any that the account has. */
  readonly put: (link: Link) => Promise<void>;
  /** `false`: another writer was first, and nothing was written. */
  readonly replace: (stored: StoredLink, next: Link) => Promise<boolean>;
  /** `false`: another writer was first. */
  readonly remove: (stored: StoredLink) => Promise<boolean>;
  /** In place of any that the account has open. */
  readonly openCode: (code: OpenCode) => Promise<void>;
  readonly findCode: (codeHash: string) => Promise<StoredCode | undefined>;
  /** `false`: somebody else has used it, or it was replaced. */
  readonly useCode: (stored: StoredCode) => Promise<boolean>;
  /** Removes codes whose time is over. */
  readonly forgetCodes: (now: Date) => Promise<void>;
}
