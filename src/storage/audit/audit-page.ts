import type { TableClient } from '@azure/data-tables';
import type { AuditPage } from '../../audit/audit-history.ts';
import type { AuditEvent } from '../../audit/event.ts';
import { Problem } from '../../contract/problem.ts';
import type { RawReader } from '../table/raw-reader.ts';
import { nextPlace, type Placed } from '../search/read-lists.ts';
import { eventRowKeys, monthOfPartition, readRowKey, timePrefix } from './audit-keys.ts';
import {
  type AuditTableRow,
  auditTableRow,
  eventOfRow,
  textOfPointer,
  textOfRow,
  toPointerRows,
} from './audit-rows.ts';

interface Deps {
  readonly audit: TableClient;
  readonly reader: RawReader;
}

/** Events of pointers are read one by one, so many at the same time. */
const AT_ONCE = 32;

/** The events of the first `top` rows as a page. Throws the Problem `InternalError` where a row is not as it was written. */
export async function auditPage(deps: Deps, rows: readonly Placed[], top: number): Promise<AuditPage> {
  const shown = rows.slice(0, top).map(({ row }) => auditTableRow(row));
  const events: AuditEvent[] = [];
  for (let at = 0; at < shown.length; at += AT_ONCE)
    events.push(...(await Promise.all(shown.slice(at, at + AT_ONCE).map((row) => eventOf(deps, row)))));
  const next = nextPlace(rows, top);
  return { events, ...(next === undefined ? {} : { next }) };
}

/** A row that was changed is not shown, and not left out in silence either: the page is refused. */
async function eventOf({ audit, reader }: Deps, row: AuditTableRow): Promise<AuditEvent> {
  const event = row.rowKey.startsWith(timePrefix) ? eventOfRow(row) : await eventOfPointer(reader, row);
  if (event) return event;
  const changed = `The row ${audit.tableName}/${row.partitionKey}/${row.rowKey} of the audit is not as it was written, or the event that it leads to is not.`;
  const message = `${changed} Verify ${monthOfPartition(row.partitionKey)}, and give \`from\` and \`to\` to ask without it.`;
  throw new Problem('InternalError', message, { cause: new Error(changed) });
}

async function eventOfPointer(reader: RawReader, pointer: AuditTableRow): Promise<AuditEvent | undefined> {
  const { time } = pointer.columns;
  const key = readRowKey(pointer.rowKey);
  if (!key || typeof time !== 'string' || Number.isNaN(Date.parse(time))) return undefined;
  const keys = eventRowKeys({ ...key, time });
  const own = await reader.row(keys.partitionKey, keys.rowKey);
  const event = own && eventOfRow(auditTableRow(own));
  const leadsHere = (sequence: number): boolean =>
    event !== undefined && toPointerRows({ sequence, event }).some((row) => textOfPointer(row) === textOfRow(pointer));
  return leadsHere(key.sequence) ? event : undefined;
}
