import type { Card } from '../card/card.ts';

/** A message as it is sent: a card, and what stands in its place where no card is shown. */
export interface TeamsMessage {
  readonly card: Card;
  /** Notifications show it to everybody who gets the message. */
  readonly summary: string;
}

/** What is sent where. */
export interface Address {
  readonly serviceUrl: string;
  readonly conversationId: string;
}

/** `gone`: there is no such message any more. `failed`: it may be tried again; `cause` has nothing secret. */
export type Sent =
  | { readonly kind: 'sent'; readonly activityId: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly cause: string; readonly retryAfterSeconds?: number | undefined };

/** Somebody who reads in a conversation. */
export interface Member {
  /** The organisation that they are of; absent where Teams does not say. */
  readonly tenantId?: string | undefined;
}

/** Teams as the bot writes to it. Never throws for what the network, Teams or the token endpoint do. */
export interface Connector {
  /** Posts a message, in answer to another where one is named. */
  readonly post: (to: Address & { readonly replyToId?: string | undefined }, message: TeamsMessage) => Promise<Sent>;
  /** Replaces a message of the bot's own. */
  readonly put: (to: Address, activityId: string, message: TeamsMessage) => Promise<Sent>;
  /** Whether all who read in a conversation are such; `undefined`: Teams does not say now. */
  readonly everyMember: (to: Address, isSuch: (member: Member) => boolean) => Promise<boolean | undefined>;
}
