import type { Fact } from '../rendering/render-check.ts';
import type { State } from '../rendering/state.ts';
import type { ClickAction, Room } from './request.ts';

/** A part of a message. Texts are plain: each chat escapes them as its own form asks for. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** Less in weight than the rest. */
  | { readonly kind: 'quiet'; readonly text: string }
  | { readonly kind: 'list'; readonly title?: string; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'path'; readonly hops: readonly PathHop[] };

export interface PathHop {
  readonly name: string;
  readonly kind?: string;
  /** What is said of it: where the path is broken. */
  readonly told: readonly string[];
}

export type Button =
  | {
      readonly kind: 'act';
      readonly label: string;
      readonly action: ClickAction;
      readonly checkId: string;
      /** Where the check was asked for, which a later click must know. */
      readonly room?: Room | undefined;
    }
  | { readonly kind: 'open'; readonly label: string; readonly url: string };

/** A check as a message shows it: by this it is shown again, as it is then. */
export interface ShownCheck {
  readonly id: string;
  /** A sentence about the request, such as what its words were taken for. */
  readonly note?: string | undefined;
  /** With the path and all facts. */
  readonly isWhole?: boolean | undefined;
}

/** What is told in a chat, before it has the form of one. No text of it has a character that is not seen. */
export interface ChatMessage {
  /** The whole in short, for notifications and screen readers. */
  readonly text: string;
  readonly title?: string;
  readonly state?: State;
  readonly parts: readonly Part[];
  readonly buttons: readonly Button[];
  readonly check?: ShownCheck;
  /** Nothing was done: what it answers stays as it was. */
  readonly isRefusal?: true;
  /** It says nothing of anybody: all in a room may read it. */
  readonly isForAll?: true;
  /** Whoever asked sees already that it is so: a chat that would tell it to all need not. */
  readonly isEvident?: true;
}
