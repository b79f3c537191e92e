import { odata, TableClient } from '@azure/data-tables';
import { type AuditEvent, auditEventSchema } from '../../../src/audit/event.ts';
import { type Check, checkSchema, hasEnded } from '../../../src/check/state/check.ts';
import { readRowKey, timePrefix } from '../../../src/storage/audit/audit-keys.ts';
import { textOf } from '../../../src/storage/audit/audit-rows.ts';
import { answerKey, checkKey, checkMarkers } from '../../../src/storage/table/check-keys.ts';
import { fromTextProperties } from '../../../src/storage/table/text-properties.ts';
import { statusOf } from '../../../src/storage/table/unavailable.ts';
import { resourceNames } from '../../../src/triggers.ts';

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
    entities(connectionString, resourceNames.checksTable),
    storedEvents(connectionString),
  ]);
  const withPrefix = (prefix: string) => rows.filter(({ rowKey }) => rowKey?.startsWith(prefix));
  const checks = withPrefix(checkKey('')).map((row) => checkSchema.parse(JSON.parse(fromTextProperties('check', row))));
  const markers = withPrefix(checkMarkers.from).map(({ rowKey = '' }) => checkMarkers.idOf(rowKey) ?? rowKey);
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
  const filter = odata`RowKey ge ${checkMarkers.from} and RowKey lt ${checkMarkers.to}`;
  const client = TableClient.fromConnectionString(connectionString, resourceNames.checksTable, options);
  const ids = [];
  for await (const { rowKey = '' } of client.listEntities({ queryOptions: { filter } }))
    ids.push(checkMarkers.idOf(rowKey) ?? rowKey);
  return ids;
}

interface PlacedEvent extends StoredEvent {
  /** Among those of its check, from 1. */
  readonly sequence: number;
}

/** Every event once, whatever its rows: each has one by time. */
async function placedEvents(connectionString: string): Promise<PlacedEvent[]> {
  const filter = odata`RowKey ge ${timePrefix} and RowKey lt ${'t"'}`;
  const rows = await entities(connectionString, resourceNames.auditTable, filter);
  return rows.map((row) => ({
    event: auditEventSchema.parse(JSON.parse(textOf(row))),
    writtenAt: Date.parse(row.timestamp ?? ''),
    sequence: readRowKey(row.rowKey ?? '')?.sequence ?? 0,
  }));
}

/** Of all checks and of none, oldest first. */
export async function allEvents(connectionString: string): Promise<AuditEvent[]> {
  const placed = await placedEvents(connectionString);
  placed.sort((a, b) => a.event.time.localeCompare(b.event.time) || a.sequence - b.sequence);
  return placed.map(({ event }) => event);
}

/** By check, in the order of their places: the clocks of processes differ. */
async function storedEvents(connectionString: string): Promise<Stored['events']> {
  const placed = await placedEvents(connectionString);
  placed.sort((a, b) => a.sequence - b.sequence);
  const byCheck = new Map<string, StoredEvent[]>();
  for (const { event, writtenAt } of placed) {
    const { checkId } = event;
    if (checkId === undefined) continue;
    byCheck.set(checkId, [...(byCheck.get(checkId) ?? []), { event, writtenAt }]);
  }
  return byCheck;
}

async function entities(connectionString: string, table: string, filter?: string) {
  const client = TableClient.fromConnectionString(connectionString, table, options);
  const queryOptions = filter === undefined ? {} : { filter };
  const rows = [];
  try {
    for await (const row of client.listEntities({ queryOptions })) rows.push(row);
  } catch (error) {
    // Where nothing was written, no table was made.
    if (statusOf(error) !== 404) throw error;
  }
  return rows;
}
