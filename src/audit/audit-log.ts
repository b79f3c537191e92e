import type { AuditEvent } from './event.ts';

/** An event and its place among those of its check, from 1: the key under which it exists once. */
export interface AuditEntry {
  readonly sequence: number;
  readonly event: AuditEvent;
}

/** What makes an event the same for all who race to write it. */
export type Announced = Pick<AuditEvent, 'id' | 'time' | 'fingerprint'>;

/** The append-only log. Every method throws the Problem `AuditUnavailable` where it cannot be known what is durable. */
export interface AuditLog {
  /**
   * Notes durably that the first event of its chain will come, so that a checkpoint waits for it. An event with a
   * fingerprint came with an idempotency key: then the first to announce it decides its id, time and fingerprint, and
   * that is the answer.
   */
  readonly announce: (event: AuditEvent) => Promise<Announced>;
  /**
   * Writes an entry that was announced, or that is the pendingEvent event of a check's row; an entry that exists under
   * the same place stays as it is, and is the answer.
   */
  readonly append: (entry: AuditEntry) => Promise<AuditEvent>;
}

/** What an event belongs to: the events of a check are numbered together, any other stands for itself. */
export const chainOf = ({ checkId, id }: Pick<AuditEvent, 'checkId' | 'id'>): string => checkId ?? id;
