import type { Fate } from './fate.ts';

/** What somebody does: they ask, and then click on what they were told. */
export type Deed = 'line' | 'again' | 'show';

/** One person's way through a chat: each is somewhere else, so that what is told there is told of it. */
export interface Flow {
  readonly number: number;
  readonly user: string;
}

/** Names one deed of one flow; what the chat calls a message is made from it, so that a repeat is the same message. */
export const deedOf = (deed: Deed, { number }: Flow): string => `${deed}-${number}`;

/** What a chat sends the app. */
export interface Sent {
  readonly path: string;
  readonly body: string;
  /** Proofs that the chat sends it, now. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
}

/** A call by which a chat was told something of a flow. */
export interface Telling {
  /** As `deedOf` names it. */
  readonly deed: string;
  /** Whether all in the room read it. */
  readonly isForAll: boolean;
  /** Whether it stands beside what was told before, and not in its place. */
  readonly isNew: boolean;
  /** The message that it makes or changes; where the chat names none, the address that it came to. */
  readonly message: string;
  /** Whose eyes it is for, as the chat has it. */
  readonly to: string;
  readonly words: string;
  /** The process that made it. */
  readonly caller: string;
  /** What the chat sends when its reader clicks there; `undefined` where they do not see that button. */
  readonly click: (deed: 'again' | 'show') => Promise<Sent | undefined>;
}

export interface Told extends Telling {
  readonly at: number;
  readonly fate: Fate;
}

export interface ChatSide {
  /** Settings with which an app uses this chat. */
  readonly settings: Readonly<Record<string, string>>;
  readonly ask: (flow: Flow, text: string) => Sent;
  /** What was told of a link that was asked for as this flow. */
  readonly linkCode: (flow: Flow) => string | undefined;
  readonly stop: () => Promise<void>;
}

export interface SideOptions {
  /** The app's time. */
  readonly now: () => Date;
  readonly fateOf: (telling: Telling) => Fate;
}
