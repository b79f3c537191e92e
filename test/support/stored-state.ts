import { odata, TableClient, TableServiceClient } from '@azure/data-tables';
import { type AuditEvent, auditEventSchema } from '../../src/audit/event.ts';
import { type Check, checkSchema, hasEnded } from '../../src/check/check.ts';
import { answerKey, checkKey, idOfMarker, markerRange } from '../../src/storage/check-keys.ts';
import { fromTextProperties } from '../../src/storage/text-properties.ts';
import { names } from '../../src/triggers.ts';

export interface StoredEvent {
  readonly event: AuditEvent;
  /** When storage took it in, in milliseconds since 1970, by its own clock. */
  readonly writtenAt: number;
}

/** All that storage holds of checks and their audit. */
export interface Stored {
  readonly checks: ReadonlyMap<string, Check>;
  /** Ids of checks that have not ended, or whose marker stands. */
  readonly open: readonly string[];
  /** Ids of checks of which ARM's answer is kept. */
  readonly answers: ReadonlySet<string>;
  /** By check; those that belong to none are left out. */
  readonly events: ReadonlyMap<string, readonly StoredEvent[]>;
}

const options = { allowInsecureConnection: true };

/** Reads everything, through clients of its own. */
export async function storedState(connectionString: string): Promise<Stored> {
  const [rows, events] = await Promise.all([
    entities(connectionString, names.checksTable),
    storedEvents(connectionString),
  ]);
  const withPrefix = (prefix: string) => rows.filter(({ rowKey }) => rowKey?.startsWith(prefix));
  const checks = withPrefix(checkKey('')).map((row) => checkSchema.parse(JSON.parse(fromTextProperties('check', row))));
  const markers = withPrefix(markerRange.from).map(({ rowKey = '' }) => idOfMarker(rowKey));
  const unfinished = checks.filter((check) => !hasEnded(check)).map(({ id }) => id);
  return {
    checks: new Map(checks.map((check) => [check.id, check])),
    open: [...new Set([...markers, ...unfinished])],
    answers: new Set(withPrefix(answerKey('')).map(({ rowKey = '' }) => rowKey.slice(answerKey('').length))),
    events,
  };
}

/** Ids of checks of which something remains to be done; cheaper than everything. */
export async function openIds(connectionString: string): Promise<string[]> {
  const filter = odata`RowKey ge ${markerRange.from} and RowKey lt ${markerRange.to}`;
  const client = TableClient.fromConnectionString(connectionString, names.checksTable, options);
  const ids = [];
  for await (const { rowKey = '' } of client.listEntities({ queryOptions: { filter } })) ids.push(idOfMarker(rowKey));
  return ids;
}

async function storedEvents(connectionString: string): Promise<Stored['events']> {
  const rows = await entities(connectionString, names.auditTable);
  const byCheck = new Map<string, StoredEvent[]>();
  for (const row of rows) {
    const event = auditEventSchema.parse(JSON.parse(fromTextProperties('event', row)));
    const { checkId } = event;
    if (checkId === undefined) continue;
    byCheck.set(checkId, [...(byCheck.get(checkId) ?? []), { event, writtenAt: Date.parse(row.timestamp ?? '') }]);
  }
  return byCheck;
}

async function entities(connectionString: string, table: string) {
  const service = TableServiceClient.fromConnectionString(connectionString, options);
  const tables = [];
  for await (const { name } of service.listTables()) tables.push(name);
  const rows = [];
  if (!tables.includes(table)) return [];
  const client = TableClient.fromConnectionString(connectionString, table, options);
  for await (const row of client.listEntities()) rows.push(row);
  return rows;
}
