import { odata, type TableClient, type TransactionAction } from '@azure/data-tables';
import { z } from 'zod';
import type { Head, SealState, Unsealed } from '../../audit/checkpoint/checkpoints.ts';
import { eventKey } from '../../audit/verify/listed-events.ts';
import { monthOf, partitionOfMonth, readRowKey, timePrefix } from './audit-keys.ts';
import { textOf } from './audit-rows.ts';
import { shards } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { descendingTimeKey } from '../table/descending-time-key.ts';
import { getEntity } from '../table/get-entity.ts';
import { readRange, type Row } from '../table/read-range.ts';
import { readSealMarkerKey, sealMarkerRange } from './seal-markers.ts';
import { streamRows } from '../table/stream-rows.ts';
import { orUnavailable, statusOf } from '../table/unavailable.ts';

interface Tables {
  readonly audit: TableClient;
  readonly checks: TableClient;
}

const headKeys = { partitionKey: 'audit', rowKey: 'head' };
const stopKeys = { partitionKey: 'audit', rowKey: 'stop' };
const stopSchema = z.object({ key: z.string() });
const headSchema = z.object({ sequence: z.int(), hash: z.string(), etag: z.string() });
const MAX_TRIES = 8;
const MAX_BATCH = 100;
/** Events that are looked up together lie that close, so that hardly any other is read with them. */
const MAX_SPAN_MILLISECONDS = 300_000;

/** Seal markers and the noted head, beside the checks. */
export function tableSealState({ audit, checks }: Tables): SealState {
  return {
    head: () => orUnavailable('AuditUnavailable', () => readHead(checks)),
    note: (head) => orUnavailable('AuditUnavailable', () => noteHead(checks, head)),
    waiting: (limit, after) => orUnavailable('AuditUnavailable', () => waiting(checks, limit, after)),
    present: (events) => present(audit, events),
    stoppedAt: () => orUnavailable('AuditUnavailable', () => readStop(checks)),
    noteStop: (key) => orUnavailable('AuditUnavailable', () => noteStop(checks, key)),
    forget: (events) => orUnavailable('AuditUnavailable', () => forget(checks, events)),
  };
}

async function readHead(checks: TableClient) {
  const entity = await getEntity(checks, headKeys.partitionKey, headKeys.rowKey);
  return entity && headSchema.parse(entity);
}

async function noteHead(checks: TableClient, { sequence, hash }: Head): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const noted = await readHead(checks);
    if (noted && noted.sequence >= sequence) return;
    const next = { ...headKeys, sequence, hash };
    try {
      if (noted) await checks.updateEntity(next, 'Replace', { etag: noted.etag });
      else
        await createWhereMissing(
          () => checks.createTable(),
          () => checks.createEntity(next),
        );
      return;
    } catch (error) {
      if (![409, 412].includes(statusOf(error) ?? 0)) throw error;
    }
  }
  throw new Error('The newest checkpoint could not be noted: others are faster.');
}

/** A note that is none has the next run begin anew. */
async function readStop(checks: TableClient): Promise<string | undefined> {
  const entity = await getEntity(checks, stopKeys.partitionKey, stopKeys.rowKey);
  return stopSchema.safeParse(entity).data?.key;
}

async function noteStop(checks: TableClient, key: string | undefined): Promise<void> {
  if (key !== undefined) await checks.upsertEntity({ ...stopKeys, key }, 'Replace');
  else await removeOne(checks, stopKeys.partitionKey, stopKeys.rowKey);
}

/** By key, whatever the shard, so that none waits for another shard's. */
async function waiting(checks: TableClient, limit: number, after: string = sealMarkerRange.from): Promise<Unsealed[]> {
  const range = { after, before: sealMarkerRange.to };
  const found = await Promise.all(shards.map((partition) => readRange(checks, { ...range, partition }, limit)));
  const rows = found.flat().sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  return rows.slice(0, limit).map(toUnsealed);
}

/** Of whatever stands there, for one row that is not as it was written must not keep the others waiting. */
function toUnsealed({ partitionKey, rowKey, time }: Row): Unsealed {
  const text = typeof time === 'string' ? time : '';
  return { ...readSealMarkerKey(rowKey), time: text, shard: String(partitionKey), key: rowKey };
}

async function* present(audit: TableClient, events: readonly Unsealed[]): ReturnType<SealState['present']> {
  for (const group of groups(events)) {
    const wanted = new Map(group.map((event) => [eventKey(event.chain, event.sequence), event]));
    for await (const row of rowsOf(audit, group)) {
      const place = readRowKey(row.rowKey);
      const event = place && wanted.get(eventKey(place.chain, place.sequence));
      if (event) yield { event, text: textOf(row) };
    }
  }
}

/** Events of one month that are close to each other, each group one range. */
function groups(events: readonly Unsealed[]): Unsealed[][] {
  const all: Unsealed[][] = [];
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

/** The rows by time of a group's range, streamed. */
async function* rowsOf(audit: TableClient, group: readonly Unsealed[]): AsyncGenerator<Row> {
  const [first = '', last = ''] = [group[0]?.time, group.at(-1)?.time];
  const partition = partitionOfMonth(monthOf(first));
  const [from, to] = [
    `${timePrefix}${descendingTimeKey(new Date(last))}!`,
    `${timePrefix}${descendingTimeKey(new Date(first))}"`,
  ];
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${from} and RowKey lt ${to}`;
  for await (const row of streamRows('AuditUnavailable', audit, filter))
    yield { ...row, rowKey: String(row['rowKey']) };
}

async function forget(checks: TableClient, events: readonly Unsealed[]): Promise<void> {
  for (const shard of shards) {
    const keys = events.filter((event) => event.shard === shard).map(({ key }) => key);
    for (let at = 0; at < keys.length; at += MAX_BATCH) await remove(checks, shard, keys.slice(at, at + MAX_BATCH));
  }
}

/** Where another sealer has removed some of them, each is removed by itself. */
async function remove(checks: TableClient, partitionKey: string, keys: readonly string[]): Promise<void> {
  try {
    await checks.submitTransaction(keys.map((rowKey): TransactionAction => ['delete', { partitionKey, rowKey }]));
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    await Promise.all(keys.map((rowKey) => removeOne(checks, partitionKey, rowKey)));
  }
}

async function removeOne(checks: TableClient, partitionKey: string, rowKey: string): Promise<void> {
  try {
    await checks.deleteEntity(partitionKey, rowKey);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
