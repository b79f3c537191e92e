import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import type { EventKey } from '../../audit/audit-log.ts';
import type { Head } from '../../audit/checkpoint/checkpoint.ts';
import type { NotedHead, Pending, SealState } from '../../audit/seal/seal-state.ts';
import { eventRowKeys, monthOf } from './audit-keys.ts';
import { auditTableRow, textOf } from './audit-rows.ts';
import { shards } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { deleteEntity } from '../table/delete-entity.ts';
import { getEntity } from '../table/get-entity.ts';
import { readRange, type Row } from '../table/read-range.ts';
import { readSealMarkerKey, sealMarkerPrefix } from './seal-markers.ts';
import { streamRows } from '../table/stream-rows.ts';
import { transact } from '../table/transact.ts';
import { isLostRace, orUnavailable, statusOf } from '../table/unavailable.ts';

interface Tables {
  readonly audit: TableClient;
  readonly checks: TableClient;
}

const headKeys = { partitionKey: 'audit', rowKey: 'head' };
/** In place of what is not as it was written: no checkpoint has this number. */
const headSchema = z.object({ number: z.int().catch(0), hash: z.string().max(64).catch(''), etag: z.string() });
const MAX_BATCH = 100;
/** Events that are looked up together lie that close, so that hardly any other is read with them. */
const MAX_SPAN_MILLISECONDS = 300_000;

/** Seal markers and the noted head, beside the checks. */
export function tableSealState({ audit, checks }: Tables): SealState {
  return {
    head: () => orUnavailable('AuditUnavailable', () => readHead(checks)),
    note: (head, version) => orUnavailable('AuditUnavailable', () => noteHead(checks, head, version)),
    pending: (limit, after, upTo) => orUnavailable('AuditUnavailable', () => pending(checks, limit, after, upTo)),
    present: (events) => present(audit, events),
    forget: (events) => orUnavailable('AuditUnavailable', () => forget(checks, events)),
    clock: () => orUnavailable('AuditUnavailable', () => readClock(checks)),
  };
}

async function readHead(checks: TableClient): Promise<NotedHead | undefined> {
  const entity = await getEntity(checks, headKeys.partitionKey, headKeys.rowKey);
  if (!entity) return undefined;
  const { etag, ...head } = headSchema.parse(entity);
  return { ...head, version: etag };
}

async function noteHead(checks: TableClient, { number, hash }: Head, version: string | undefined): Promise<void> {
  const note = { ...headKeys, number, hash };
  try {
    if (version !== undefined) await checks.updateEntity(note, 'Replace', { etag: version });
    else
      await createWhereMissing(
        () => checks.createTable(),
        () => checks.createEntity(note),
      );
  } catch (error) {
    if (!isLostRace(error)) throw error;
  }
}

/** From the answer to any read, whether there is such a row or not; to the second. */
async function readClock(checks: TableClient): Promise<Date> {
  let date = '';
  const onResponse = ({ headers }: { readonly headers: { get(name: string): string | undefined } }): void => {
    date = headers.get('date') ?? '';
  };
  try {
    await checks.getEntity(headKeys.partitionKey, headKeys.rowKey, { onResponse });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  const time = new Date(date);
  if (Number.isNaN(time.getTime())) throw new Error(`Storage told no time: ${date}`);
  return time;
}

/** By key, whatever the shard, so that none waits for another shard's. */
async function pending(checks: TableClient, limit: number, after: string, upTo: string): Promise<Pending[]> {
  const range = { after: sealMarkerPrefix + after, before: sealMarkerPrefix + upTo };
  const found = await Promise.all(shards.map((partition) => readRange(checks, { ...range, partition }, limit)));
  const rows = found.flat().sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  return rows.slice(0, limit).map(toPending);
}

/** Of whatever stands there, for one row that is not as it was written must not keep the others waiting. */
function toPending({ partitionKey, rowKey, time }: Row): Pending {
  const key = rowKey.slice(sealMarkerPrefix.length);
  return { ...readSealMarkerKey(key), time: typeof time === 'string' ? time : '', shard: String(partitionKey), key };
}

async function* present<E extends EventKey>(
  audit: TableClient,
  events: readonly E[],
): AsyncGenerator<{ readonly event: E; readonly text: string }> {
  for (const group of groups(events)) {
    const wanted = new Map(group.map((event) => [eventRowKeys(event).rowKey, event]));
    for await (const row of streamRows('AuditUnavailable', audit, rangeOf(group))) {
      const { rowKey, columns } = auditTableRow(row);
      const event = wanted.get(rowKey);
      if (event) yield { event, text: textOf(columns) };
    }
  }
}

/** Events of one month that are close to each other, newest last: each group is one range. */
function groups<E extends EventKey>(events: readonly E[]): E[][] {
  const all: E[][] = [];
  for (const event of events.toSorted((a, b) => (a.time < b.time ? -1 : 1))) {
    const group = all.at(-1);
    const first = group?.[0];
    const near =
      first &&
      monthOf(first.time) === monthOf(event.time) &&
      Date.parse(event.time) - Date.parse(first.time) <= MAX_SPAN_MILLISECONDS;
    if (group && near) group.push(event);
    else all.push([event]);
  }
  return all;
}

/** From the newest event's key to the oldest's. */
function rangeOf(group: readonly EventKey[]): string {
  const keys = group.map((event) => eventRowKeys(event));
  const rowKeys = keys.map(({ rowKey }) => rowKey).sort();
  return odata`PartitionKey eq ${keys[0]?.partitionKey} and RowKey ge ${rowKeys[0]} and RowKey le ${rowKeys.at(-1)}`;
}

async function forget(checks: TableClient, events: readonly Pending[]): Promise<void> {
  for (const shard of shards) {
    const keys = events.filter((event) => event.shard === shard).map(({ key }) => sealMarkerPrefix + key);
    for (let at = 0; at < keys.length; at += MAX_BATCH) await remove(checks, shard, keys.slice(at, at + MAX_BATCH));
  }
}

/** Where another sealer has removed some of them, each is removed by itself. */
async function remove(checks: TableClient, partitionKey: string, keys: readonly string[]): Promise<void> {
  try {
    await transact(
      checks,
      keys.map((rowKey): TransactionAction => ['delete', { partitionKey, rowKey }]),
    );
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await Promise.all(keys.map((rowKey) => deleteEntity(checks, partitionKey, rowKey)));
  }
}
