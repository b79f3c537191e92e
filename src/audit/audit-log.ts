import type { AuditEvent } from './event.ts';

/** Names an event: what it belongs to, its place among the events of that, from 1, and its time. It exists once. */
export interface EventKey {
  readonly time: string;
  readonly subject: string;
  readonly sequence: number;
}

/** An event and its place among those of its check, from 1: the key under which it exists once. */
export interface AuditEntry {
  readonly sequence: number;
  readonly event: AuditEvent;
}

/** The append-only log. Every method throws the Problem `AuditUnavailable` where it cannot be known what is durable. */
export interface AuditLog {
  /**
   * Writes the first event of its subject. It is announced before, durably (a write-ahead intent), so that the next
   * checkpoint looks for it even where everything ends between the two writes. Answers the event that is in the log: of
   * several that race with one idempotency key (they have a fingerprint) the first decides id and time. Where that was
   * another request, nothing is written, and the answer has that request's fingerprint. Of several readings of a check
   * that have one id the first decides the time, and one event comes.
   */
  readonly record: (event: AuditEvent) => Promise<AuditEvent>;
  /**
   * Writes an entry that was announced, or that is the pending event of a check's row; an entry that exists under
   * the same place stays as it is, and is the answer.
   */
  readonly append: (entry: AuditEntry) => Promise<AuditEvent>;
  /** The event of that key; `undefined` where none is there, or one that is not as it was written. */
  readonly find: (key: EventKey) => Promise<AuditEvent | undefined>;
}

interface Belonging {
  readonly action: string;
  readonly checkId?: string | undefined;
}

/** What an event belongs to: the events of a check's life are numbered together, any other stands for itself. */
export const subjectOf = (event: Belonging & { readonly id: string }): string =>
  isReadingOfCheck(event) ? event.id : (event.checkId ?? event.id);

/** Who reads another's check changes nothing of it, and may be many: its events stand beside the check's own. */
export const isReadingOfCheck = ({ action, checkId }: Belonging): boolean => action === 'read' && checkId !== undefined;
