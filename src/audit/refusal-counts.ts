import type { AuditEvent } from './event.ts';

/** Refusals of a requester's in one minute, beyond those that have an event each. */
export interface RefusalCount {
  /** Such as 2026-03-01T10:05, UTC. */
  readonly minute: string;
  readonly count: number;
  /** The first of them. */
  readonly event: AuditEvent;
}

/** Counts what is too much to be told singly. Every method throws the Problem `AuditUnavailable`. */
export interface RefusalCounts {
  readonly add: (event: AuditEvent) => Promise<void>;
  /** Counts of minutes before that time, and the places of rows that are none, which are passed over. */
  readonly before: (
    time: Date,
  ) => Promise<{ readonly counts: readonly RefusalCount[]; readonly malformed: readonly string[] }>;
  readonly forget: (count: RefusalCount) => Promise<void>;
}
