import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type EventKey, isReadingOfCheck, subjectOf } from '../../audit/audit-log.ts';
import { type AuditEvent, isEventTime } from '../../audit/event.ts';
import { sha256 } from '../../contract/sha256.ts';
import { uuidOfHash } from '../../contract/uuid-of-hash.ts';
import { reservationKey } from '../table/check-keys.ts';
import { getEntity } from '../table/get-entity.ts';
import type { RowProofs } from '../guards/row-proofs.ts';
import { createOnce, transact } from '../table/transact.ts';
import { isLost } from '../table/unavailable.ts';
import { checkPrefix, firstSequence, monthBefore, monthOf, partitionOfMonth } from './audit-keys.ts';
import { sealMarkerOf, shardOfEvent } from './seal-markers.ts';

export interface ReserveDeps {
  readonly audit: TableClient;
  readonly checks: TableClient;
  readonly proofs: RowProofs;
  /** An event's own row, whatever it says. */
  readonly find: (key: EventKey) => Promise<{ readonly kept?: AuditEvent } | undefined>;
}

/** Racing requests decide at the first try; more are needed only where somebody else writes there, too. */
const MAX_TRIES = 5;

const saysSchema = z.object({
  id: z.uuid(),
  time: z.string().refine(isEventTime),
  fingerprint: z.string().optional(),
});

/**
 * Announces an event that several write, and answers the one that all of them write: of the first. A row that the proxy
 * did not write decides nothing: then the log does, or else this event, in a row that takes its place.
 */
export async function reserveEvent(deps: ReserveDeps, event: AuditEvent): Promise<AuditEvent> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const decided = await decide(deps, event);
    if (decided) return decided;
  }
  throw new Error('Somebody writes again and again where an event is reserved.');
}

/** `undefined`: somebody wrote meanwhile. */
async function decide(deps: ReserveDeps, event: AuditEvent): Promise<AuditEvent | undefined> {
  const { checks, proofs, find } = deps;
  const keys = { partitionKey: shardOfEvent(event), rowKey: reservationKey(subjectOf(event)) };
  const isFirst = await createOnce(checks, [
    ['create', await rowOf(deps, keys, event)],
    ['create', markerOf(event)],
  ]);
  if (isFirst) return event;
  const found = await getEntity(checks, keys.partitionKey, keys.rowKey);
  const reserved = found && (await readRow(deps, keys, found));
  const kept = reserved ? { ...event, ...reserved } : await requestedBefore(deps, event);
  if (kept) {
    // One that never came has lost its marker after a day; one that is there has it still, or is in a checkpoint.
    if (!(await find(keyOfFirst(kept)))) await transact(checks, [['upsert', markerOf(kept), 'Replace']]);
    return kept;
  }
  if (found)
    proofs.warn(
      `The row ${checks.tableName}/${keys.partitionKey}/${keys.rowKey} did not come from the proxy: it was passed over.`,
    );
  const own = isReadingOfCheck(event) ? besideOthers(event) : event;
  const row = await rowOf(deps, keys, own);
  const isTaken = await isLost(() =>
    transact(checks, [
      found ? ['update', row, 'Replace', { etag: found.etag }] : ['create', row],
      ['upsert', markerOf(own), 'Replace'],
    ]),
  );
  return isTaken ? undefined : own;
}

interface Keys {
  readonly partitionKey: string;
  readonly rowKey: string;
}

async function rowOf({ proofs }: ReserveDeps, keys: Keys, { id, time, fingerprint }: AuditEvent) {
  const says = { id, time, ...(fingerprint !== undefined && { fingerprint }) };
  return { ...keys, ...says, ...(await proofs.prove('reservation', { ...keys, ...says })) };
}

async function readRow({ proofs }: ReserveDeps, keys: Keys, { proof, ...row }: Readonly<Record<string, unknown>>) {
  const says = saysSchema.safeParse(row).data;
  return says && (await proofs.isProven('reservation', { ...keys, ...says }, proof)) ? says : undefined;
}

const markerOf = (event: AuditEvent) => sealMarkerOf({ sequence: 1, event });

export const keyOfFirst = (event: AuditEvent): EventKey => ({
  ...{ time: event.time, subject: subjectOf(event) },
  sequence: 1,
});

/** The request of a check, as it stands in the log of this month or the last: a check has one. */
async function requestedBefore({ audit, find }: ReserveDeps, event: AuditEvent): Promise<AuditEvent | undefined> {
  if (isReadingOfCheck(event) || event.checkId === undefined) return undefined;
  const month = monthOf(event.time);
  for (const each of [month, monthBefore(month)]) {
    const pointer = await getEntity(audit, partitionOfMonth(each), checkPrefix(event.checkId) + firstSequence);
    const time = pointer?.['time'];
    const found = typeof time === 'string' ? await find({ ...keyOfFirst(event), time }) : undefined;
    if (found?.kept) return found.kept;
  }
  return undefined;
}

/** A reading that nobody can have marked or written yet, because an earlier one may still wait for its checkpoint. */
const besideOthers = (event: AuditEvent): AuditEvent => ({
  ...event,
  id: uuidOfHash(sha256(`beside ${event.id} ${event.time}`)),
});
