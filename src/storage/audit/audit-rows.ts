import type { TableEntity } from '@azure/data-tables';
import { type AuditEntry, subjectOf } from '../../audit/audit-log.ts';
import { codeOf } from '../../audit/code-of.ts';
import { type AuditEvent, auditEventSchema } from '../../audit/event.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { eventRowKeys, type PlacedEntry, pointerKeysOf, readRowKey } from './audit-keys.ts';
import { flowColumns, withoutAbsent } from '../search/flow-columns.ts';
import { fromTextProperties, toTextProperties } from '../table/text-properties.ts';

/** A row as it was read, without what storage adds of its own. */
export interface AuditTableRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The event's own row, and its pointers: only the former has the event, so that there is no copy to be edited alone. */
export function toAuditRows(entry: AuditEntry): TableEntity[] {
  const { sequence, event } = entry;
  const keys = eventRowKeys({ time: event.time, subject: subjectOf(event), sequence });
  const own = { ...keys, ...ownColumns(event), ...toTextProperties('event', canonicalJson(event)) };
  return [own, ...toPointerRows(entry)];
}

/** What of an event filters look at. */
export type FilteredEvent = Pick<AuditEvent, 'time' | 'action' | 'outcome'> & {
  readonly requester: { readonly id: string };
  readonly target: Pick<AuditEvent['target'], 'source' | 'destination' | 'port' | 'protocol'>;
  readonly decision: { readonly rule?: string | undefined };
};

/** Columns of an event's own row beside the event; all are made of it. */
export function ownColumns(event: FilteredEvent): Record<string, string> {
  const { time, action, requester, target, decision } = event;
  const columns = { time, action, requester: requester.id, code: codeOf(event) };
  return { ...withoutAbsent(columns), ...flowColumns({ ...target, rule: decision.rule }) };
}

/** Plain string columns: `time` says of which day the row is, `action` is there for filters. */
export function toPointerRows(entry: PlacedEntry) {
  const { time, action } = entry.event;
  const { partitionKey } = eventRowKeys({ time, subject: subjectOf(entry.event), sequence: entry.sequence });
  return pointerKeysOf(entry).map((rowKey) => ({ partitionKey, rowKey, time, action }));
}

const keysAndAdded = new Set(
  ['odata.etag', 'odata.metadata', 'etag', 'Timestamp', 'Timestamp@odata.type', 'timestamp'].concat(
    ['PartitionKey', 'RowKey', 'partitionKey', 'rowKey'], // as on the wire, and as the client library has them
  ),
);

export function auditTableRow(row: Readonly<Record<string, unknown>>): AuditTableRow {
  const columns: Record<string, unknown> = {};
  for (const name in row) if (!keysAndAdded.has(name)) columns[name] = row[name];
  return {
    partitionKey: String(row['PartitionKey'] ?? row['partitionKey']),
    rowKey: String(row['RowKey'] ?? row['rowKey']),
    columns,
  };
}

/** Everything that a row says, as one text. */
export function textOfRow({ partitionKey, rowKey, columns }: AuditTableRow): string {
  const { time, action } = columns;
  if (typeof time === 'string' && typeof action === 'string' && Object.keys(columns).length === 2)
    return textOfPointer({ partitionKey, rowKey, time, action });
  return canonicalJson([partitionKey, rowKey, columns]);
}

export const textOfPointer = (row: {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly time: string;
  readonly action: string;
}): string => [row.partitionKey, row.rowKey, row.time, row.action].join('\n');

/** The event's own text, as it was written. */
export const textOf = (columns: Readonly<Record<string, unknown>>): string => fromTextProperties('event', columns);

/** The event of its own row; `undefined` where key, columns and event are not of one piece. */
export function eventOfRow({ partitionKey, rowKey, columns }: AuditTableRow): AuditEvent | undefined {
  const event = auditEventSchema.safeParse(jsonOf(textOf(columns))).data;
  const sequence = readRowKey(rowKey)?.sequence;
  if (!event || sequence === undefined) return undefined;
  const [own] = toAuditRows({ sequence, event });
  const isOwn = own && textOfRow(auditTableRow(own)) === textOfRow({ partitionKey, rowKey, columns });
  return isOwn ? event : undefined;
}
