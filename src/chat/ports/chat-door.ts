import type { Account } from '../account.ts';
import type { ChatMessage } from '../message.ts';
import type { Addressed, ChatRequest, Room } from '../request.ts';

/**
 * What became of a message. `told`: where it stands, so that the next one of the same request replaces it; `isUrlSpent`: the
 * address of the request answers no more. `failed`: it may be tried again.
 */
export type Told =
  | { readonly kind: 'told'; readonly place: ChatRequest['place']; readonly isUrlSpent?: boolean }
  | { readonly kind: 'failed'; readonly cause: string; readonly retryAfterSeconds?: number | undefined };

/** What became of a message to a room. `unknown`: it may stand there. `failed`: it does not. */
export type Shown = { readonly kind: 'shown' } | { readonly kind: 'unknown' | 'failed'; readonly cause: string };

/** Who has an account, as the chat says now. */
export type Profile =
  | {
      readonly kind: 'person';
      /** Absent where the chat is not asked for it. */
      readonly name?: string;
      /** Confirmed by the chat; in ASCII lower case. */
      readonly email?: string;
      /** In the directory that signs people in, where the chat and the proxy share it. */
      readonly objectId?: string;
    }
  /** Such as a bot or a guest; `why` is a sentence for them. */
  | { readonly kind: 'unfit'; readonly why: string; readonly name?: string };

/** A chat as the proxy speaks to it. What the network does is told, not thrown. */
export interface ChatDoor {
  /** Whether nobody but the asker gets what `tell` tells, in a room too: a secret may be told there. */
  readonly tellsAlone: boolean;
  /** Tells the asker alone: first, and once more in place of that. */
  readonly tell: (addressed: Addressed, message: ChatMessage) => Promise<Told>;
  /** Why whoever asks may show nothing to all in a room, as a sentence for them; `undefined` where they may. */
  readonly whyNotShown: (request: ChatRequest, room: Room) => Promise<string | undefined>;
  /** Posts a message to all in a room. */
  readonly show: (addressed: Addressed, room: Room, message: ChatMessage) => Promise<Shown>;
  /** `undefined`: the chat cannot be asked now. */
  readonly lookUp: (account: Account) => Promise<Profile | undefined>;
  /** What speaks for the person of this account, in events. */
  readonly agentOf: (account: Account) => string;
  /** Of the button that shows a message to the room where it was asked. */
  readonly showLabel: string;
  /** What one writes for a link, and where: `write …`. */
  readonly howToLink: string;
}
