import type { TableClient, TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import type { AuditEntry, AuditLog, Announced } from '../../audit/audit-log.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { monthOf, partitionOfMonth, rowKeysOf } from './audit-keys.ts';
import { eventOfRow, toAuditRows } from './audit-rows.ts';
import { reservationKey } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { sealMarkerOf } from './seal-markers.ts';
import { orUnavailable, statusOf } from '../table/unavailable.ts';

interface Tables {
  /** Only ever added to and read. */
  readonly audit: TableClient;
  /** Holds what is announced and not yet covered by a checkpoint. */
  readonly checks: TableClient;
}

const reservationSchema = z.object({ id: z.string(), time: z.string(), fingerprint: z.string() });

/** The audit in Azure Table storage: a partition a month, and all rows of an event in one transaction. */
export function tableAuditLog({ audit, checks }: Tables): AuditLog {
  async function announce(event: AuditEvent): Promise<Announced> {
    const { id, time, checkId, fingerprint } = event;
    const marker = sealMarkerOf({ sequence: 1, event });
    if (checkId === undefined || fingerprint === undefined) {
      await createOnce(checks, [['create', marker]]);
      return event;
    }
    const reservation = { partitionKey: marker.partitionKey, rowKey: reservationKey(checkId), id, time, fingerprint };
    const isFirst = await createOnce(checks, [
      ['create', reservation],
      ['create', marker],
    ]);
    if (isFirst) return event;
    const kept = reservationSchema.parse(await checks.getEntity(reservation.partitionKey, reservation.rowKey));
    // An event that never came has lost its marker after a day; one that is covered already is covered twice.
    await createOnce(checks, [['create', sealMarkerOf({ sequence: 1, event: { ...event, time: kept.time } })]]);
    return kept;
  }

  async function append(entry: AuditEntry): Promise<AuditEvent> {
    const isFirst = await createOnce(
      audit,
      toAuditRows(entry).map((row): TransactionAction => ['create', row]),
    );
    if (isFirst) return entry.event;
    const [partition, key] = [partitionOfMonth(monthOf(entry.event.time)), rowKeysOf(entry).get('t') ?? ''];
    const kept = eventOfRow(await audit.getEntity(partition, key));
    if (!kept) throw new Error(`The row ${partition}/${key} of the audit is not as it was written: verify its day.`);
    return kept;
  }

  return {
    announce: (event) => orUnavailable('AuditUnavailable', () => announce(event)),
    append: (entry) => orUnavailable('AuditUnavailable', () => append(entry)),
  };
}

/** `false`: one of the rows exists already, and nothing was written. */
async function createOnce(table: TableClient, actions: TransactionAction[]): Promise<boolean> {
  try {
    await createWhereMissing(
      () => table.createTable(),
      () => table.submitTransaction(actions),
    );
    return true;
  } catch (error) {
    if (statusOf(error) === 409) return false;
    throw error;
  }
}
