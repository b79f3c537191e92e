import type { TableClient, TransactionAction } from '@azure/data-tables';
import { type AuditEntry, type AuditLog, type EventKey, isReadingOfCheck, subjectOf } from '../../audit/audit-log.ts';
import { type AuditEvent, isEventTime } from '../../audit/event.ts';
import { eventRowKeys } from './audit-keys.ts';
import { auditTableRow, eventOfRow, toAuditRows } from './audit-rows.ts';
import { keyOfFirst, reserveEvent } from './reserve-event.ts';
import { getEntity } from '../table/get-entity.ts';
import type { RowProofs } from '../guards/row-proofs.ts';
import { rememberRequesters } from '../search/known-requester-rows.ts';
import { sealMarkerOf } from './seal-markers.ts';
import { createOnce, transact } from '../table/transact.ts';
import { orUnavailable } from '../table/unavailable.ts';

interface Deps {
  /** Only ever added to and read. */
  readonly audit: TableClient;
  /** Holds what is announced and not yet covered by a checkpoint. */
  readonly checks: TableClient;
  readonly proofs: RowProofs;
}

/** The audit in Azure Table storage: a partition a month, and all rows of an event in one transaction. */
export function tableAuditLog({ audit, checks, proofs }: Deps): AuditLog {
  const remember = rememberRequesters(checks);

  async function announce(event: AuditEvent): Promise<AuditEvent> {
    if (isWrittenByMany(event)) return reserveEvent({ audit, checks, proofs, find }, event);
    // In place of what somebody may have put there: it says when this event is, and no other has its key.
    await transact(checks, [['upsert', sealMarkerOf({ sequence: 1, event }), 'Replace']]);
    return event;
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
    const found = await find({ ...keyOfFirst(event), sequence });
    if (found) return found.kept ?? event;
    // Somebody put a row in the place of a pointer. Verification names that row, and the event comes all the same.
    for (const row of rows) await createOnce(audit, [row]);
    return event;
  }

  async function record(event: AuditEvent): Promise<AuditEvent> {
    if (!isEventTime(event.time)) throw new Error(`An event of no time is not written: ${event.time}.`);
    await remember(event);
    const announced = await announce(event);
    // Another request came first with this key: its event is not for this one to write.
    if (announced.fingerprint !== event.fingerprint) return announced;
    return append({ sequence: 1, event: announced });
  }

  /** The proxy makes no such event: a row brought it, and no check waits for what can stand nowhere. */
  function passOver({ event }: AuditEntry): AuditEvent {
    proofs.warn(`An event of no time (${event.time}) was not written, of ${subjectOf(event)}.`);
    return event;
  }

  return {
    record: (event) => orUnavailable('AuditUnavailable', () => record(event)),
    append: (entry) =>
      orUnavailable('AuditUnavailable', async () => {
        if (!isEventTime(entry.event.time)) return passOver(entry);
        // Only this event of a check can be of somebody who never asked for one.
        if (entry.event.action === 'canceled') await remember(entry.event);
        return append(entry);
      }),
    find: (key) => orUnavailable('AuditUnavailable', async () => (await find(key))?.kept),
  };
}

/** Requests with one idempotency key, and readings of one check within an hour, write the same event. */
const isWrittenByMany = (event: AuditEvent): boolean =>
  isReadingOfCheck(event) || (event.checkId !== undefined && event.fingerprint !== undefined);
