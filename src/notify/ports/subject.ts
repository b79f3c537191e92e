import type { CallbackEnd } from '../../check/state/transition.ts';
import type { Caller } from '../../contract/requester.ts';
import type { About, Notice } from '../notice.ts';

/** What has an end that is told, as the one who tells it sees it: a check, or a set of checks. */
export interface Subject {
  /** Of the message. */
  readonly type: 'check.ended' | 'set.ended';
  /** Who asked for it, as they were when they did. */
  readonly caller: Caller;
  /** Absent: it has not ended. */
  readonly endedAt: Date | undefined;
  /** Nothing is told any more: it was, or was given up. */
  readonly isOver: boolean;
  /** Whether this is what its requester named: whoever writes the table of notices can change one. */
  readonly isNamed: (notice: Pick<Notice, 'about' | 'to'>) => Promise<boolean>;
  /** As its requester is answered. */
  readonly view: () => Promise<unknown>;
  /** Keeps how often it was tried. */
  readonly tried: (attempts: number) => Promise<void>;
  /** Keeps how telling it ended, and audits that, once. */
  readonly over: (end: CallbackEnd) => Promise<void>;
}

/** `undefined`: it was never accepted. Throws the Problems `StorageUnavailable` and `AuditUnavailable`. */
export type FindSubject = (about: About) => Promise<Subject | undefined>;
