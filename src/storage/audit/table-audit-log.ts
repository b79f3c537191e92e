import type { TableClient, TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import { type AuditEntry, type AuditLog, type EventKey, isReadingOfCheck, subjectOf } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { eventRowKeys } from './audit-keys.ts';
import { auditTableRow, eventOfRow, toAuditRows } from './audit-rows.ts';
import { reservationKey } from '../table/check-keys.ts';
import { getEntity } from '../table/get-entity.ts';
import { rememberRequesters } from '../search/known-requester-rows.ts';
import { sealMarkerOf } from './seal-markers.ts';
import { transact } from '../table/transact.ts';
import { orUnavailable, statusOf } from '../table/unavailable.ts';

interface Tables {
  /** Only ever added to and read. */
  readonly audit: TableClient;
  /** Holds what is announced and not yet covered by a checkpoint. */
  readonly checks: TableClient;
}

const reservationSchema = z.object({ id: z.string(), time: z.string(), fingerprint: z.string().optional() });

/** The audit in Azure Table storage: a partition a month, and all rows of an event in one transaction. */
export function tableAuditLog({ audit, checks }: Tables): AuditLog {
  const remember = rememberRequesters(checks);

  async function announce(event: AuditEvent): Promise<AuditEvent> {
    const { id, time, fingerprint } = event;
    const marker = sealMarkerOf({ sequence: 1, event });
    if (!isWrittenByMany(event)) {
      await createOnce(checks, [['create', marker]]);
      return event;
    }
    const rowKey = reservationKey(subjectOf(event));
    const reservation = { partitionKey: marker.partitionKey, rowKey, id, time, ...(fingerprint && { fingerprint }) };
    const isFirst = await createOnce(checks, [
      ['create', reservation],
      ['create', marker],
    ]);
    if (isFirst) return event;
    const reserved = reservationSchema.parse(await checks.getEntity(reservation.partitionKey, reservation.rowKey));
    const kept = { ...event, ...reserved };
    // One that never came has lost its marker after a day; one that is there has it still, or is in a checkpoint.
    if (!(await find(keyOf(kept, 1))))
      await createOnce(checks, [['create', sealMarkerOf({ sequence: 1, event: kept })]]);
    return kept;
  }

  /** An event's own row. One that somebody changed counts as there: verification names it, and no check waits for it. */
  async function find(key: EventKey): Promise<{ readonly kept?: AuditEvent } | undefined> {
    const { partitionKey, rowKey } = eventRowKeys(key);
    const row = await getEntity(audit, partitionKey, rowKey);
    const kept = row && eventOfRow(auditTableRow(row));
    return row && { ...(kept && { kept }) };
  }

  async function append({ sequence, event }: AuditEntry): Promise<AuditEvent> {
    const rows = toAuditRows({ sequence, event }).map((row): TransactionAction => ['create', row]);
    if (await createOnce(audit, rows)) return event;
    const found = await find(keyOf(event, sequence));
    if (found) return found.kept ?? event;
    // Somebody put a row in the place of a pointer. Verification names that row, and the event comes all the same.
    for (const row of rows) await createOnce(audit, [row]);
    return event;
  }

  async function record(event: AuditEvent): Promise<AuditEvent> {
    await remember(event);
    const announced = await announce(event);
    // Another request came first with this key: its event is not for this one to write.
    if (announced.fingerprint !== event.fingerprint) return announced;
    return append({ sequence: 1, event: announced });
  }

  return {
    record: (event) => orUnavailable('AuditUnavailable', () => record(event)),
    append: (entry) =>
      orUnavailable('AuditUnavailable', async () => {
        // Only this event of a check can be of somebody who never asked for one.
        if (entry.event.action === 'canceled') await remember(entry.event);
        return append(entry);
      }),
    find: (key) => orUnavailable('AuditUnavailable', async () => (await find(key))?.kept),
  };
}

const keyOf = (event: AuditEvent, sequence: number): EventKey => ({
  time: event.time,
  subject: subjectOf(event),
  sequence,
});

/** Requests with one idempotency key, and readings of one check within an hour, write the same event. */
const isWrittenByMany = (event: AuditEvent): boolean =>
  isReadingOfCheck(event) || (event.checkId !== undefined && event.fingerprint !== undefined);

/** `false`: one of the rows exists already, and nothing was written. */
async function createOnce(table: TableClient, actions: TransactionAction[]): Promise<boolean> {
  try {
    await transact(table, actions);
    return true;
  } catch (error) {
    if (statusOf(error) === 409) return false;
    throw error;
  }
}
