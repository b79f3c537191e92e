import type { TableClient } from '@azure/data-tables';
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { type AuditEvent, auditEventSchema } from '../audit/event.ts';
import { createWhereMissing } from './create-where-missing.ts';
import { fromTextProperties, toTextProperties } from './text-properties.ts';
import { orUnavailable, statusOf } from './unavailable.ts';

/** The audit in Azure Table storage: a partition a check, a row an event. It only ever inserts and reads. */
export function tableAuditLog(table: TableClient): AuditLog {
  async function insert(entry: AuditEntry): Promise<AuditEvent> {
    try {
      await createWhereMissing(
        () => table.createTable(),
        () =>
          table.createEntity({
            ...keysOf(entry),
            action: entry.event.action,
            time: entry.event.time,
            ...toTextProperties('event', JSON.stringify(entry.event)),
          }),
      );
      return entry.event;
    } catch (error) {
      if (statusOf(error) !== 409) throw error;
      const { partitionKey, rowKey } = keysOf(entry);
      const entity = await table.getEntity(partitionKey, rowKey);
      return auditEventSchema.parse(JSON.parse(fromTextProperties('event', entity)));
    }
  }

  return { append: (entry) => orUnavailable('AuditUnavailable', () => insert(entry)) };
}

function keysOf({ sequence, event }: AuditEntry): { partitionKey: string; rowKey: string } {
  return { partitionKey: event.checkId ?? event.id, rowKey: String(sequence).padStart(6, '0') };
}
