import type { TableEntity } from '@azure/data-tables';
import type { AuditEntry } from '../../audit/audit-log.ts';
import { type AuditEvent, auditEventSchema } from '../../audit/event.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { monthOf, partitionOfMonth, type PlacedEntry, readRowKey, type RowKind, rowKeysOf } from './audit-keys.ts';
import { fromTextProperties, toTextProperties } from '../table/text-properties.ts';

/** The rows of an event, each with the whole of it, so that a page of any query is one range. */
export function toAuditRows(entry: AuditEntry): TableEntity[] {
  const text = canonicalJson(entry.event);
  return [...rowKeysOf(entry).keys()].map((kind) => toAuditRow(entry, kind, text));
}

/** Plain string columns: `event` is the event as canonical JSON, the others are what filters look at. */
export function toAuditRow(entry: PlacedEntry, kind: RowKind, text: string): TableEntity {
  const { sequence, event } = entry;
  return {
    partitionKey: partitionOfMonth(monthOf(event.time)),
    rowKey: rowKeysOf(entry).get(kind) ?? '',
    time: event.time,
    action: event.action,
    requester: event.requester.id,
    sequence: String(sequence),
    ...toTextProperties('event', text),
  };
}

/** The event's own text, as it was written. */
export const textOf = (entity: Readonly<Record<string, unknown>>): string => fromTextProperties('event', entity);

export const readEvent = (text: string): AuditEvent => auditEventSchema.parse(JSON.parse(text));

/** The event of a row; `undefined` where the row's key, its columns and its event are not of one piece. */
export function eventOfRow(entity: Readonly<Record<string, unknown>>): AuditEvent | undefined {
  const key = readRowKey(String(entity['rowKey']));
  const text = textOf(entity);
  const event = auditEventSchema.safeParse(jsonOf(text)).data;
  if (!key || !event) return undefined;
  return isRow(entity, toAuditRow({ sequence: key.sequence, event }, key.kind, text)) ? event : undefined;
}

const systemProperties = new Set(['etag', 'timestamp', 'odata.metadata']);

/** Whether a row as it was read is that row, in every column. */
export function isRow(entity: Readonly<Record<string, unknown>>, row: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(entity).filter((name) => !systemProperties.has(name));
  return names.length === Object.keys(row).length && names.every((name) => entity[name] === row[name]);
}
