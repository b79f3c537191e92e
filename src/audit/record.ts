import type { AuditLog } from './audit-log.ts';
import type { AuditEvent } from './event.ts';

/** Announces and writes an event that belongs to no check. Throws the Problem `AuditUnavailable`. */
export async function record(audit: AuditLog, event: AuditEvent): Promise<void> {
  await audit.announce(event);
  await audit.append({ sequence: 1, event });
}
