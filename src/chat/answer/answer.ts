import type { ListDeps } from '../../check/list.ts';
import type { CancelDeps } from '../../check/cancel.ts';
import type { CompareDeps } from '../../check/compare/comparison.ts';
import type { MeDeps } from '../../check/me.ts';
import type { ViewDeps } from '../../check/read.ts';
import type { RerunDeps } from '../../check/rerun/rerun.ts';
import type { FindIdDeps } from '../../check/sight/find-id.ts';
import type { ShareDeps } from '../../check/share/share.ts';
import type { Actor } from '../../contract/actor.ts';
import type { TurnDeps } from '../../set/give-turns.ts';
import type { ReadSetDeps } from '../../set/read.ts';
import type { NamesDeps } from '../../sources/machines-named.ts';
import type { Link } from '../link/link.ts';
import type { ChatMessage } from '../message.ts';
import type { Awaited, Room, Words } from '../request.ts';

/** All that the use cases need which can be asked for in a chat. */
export type AnswerDeps = NamesDeps &
  RerunDeps &
  ViewDeps &
  FindIdDeps &
  CancelDeps &
  ShareDeps &
  CompareDeps &
  ListDeps &
  MeDeps &
  TurnDeps &
  ReadSetDeps & {
    readonly policy: RerunDeps['policy'];
    /** Where links lead. */
    readonly publicUrl: string;
  };

/** One request of a linked person. */
export interface ChatCall {
  readonly actor: Actor;
  readonly link: Link;
  /** Stands for the request: what is done again under it is done once. */
  readonly key: string;
  /** When it came. */
  readonly receivedAt: string;
  readonly room?: Room | undefined;
  readonly showLabel: string;
}

/** What is told now. */
export interface Answer {
  readonly message: ChatMessage;
  /** What it is about, where that can be looked at again. */
  readonly about?: Awaited;
  /** `false`: what it is about is still to end, which is told then in place of this. */
  readonly hasEnded?: boolean;
  /** The same in words that are kept until they are told: what was done for them is not done again. */
  readonly words?: Words;
}
