import type { AuditEvent } from './event.ts';

/** An event and its place among those of its check, from 1: the key under which it exists once. */
export interface AuditEntry {
  readonly sequence: number;
  readonly event: AuditEvent;
}

/** The append-only log. */
export interface AuditLog {
  /**
   * Writes an entry; an entry that exists under the same check and sequence stays as it is, and is the answer.
   * Throws the Problem `AuditUnavailable` where it cannot be known that the entry is durable.
   */
  readonly append: (entry: AuditEntry) => Promise<AuditEvent>;
}
