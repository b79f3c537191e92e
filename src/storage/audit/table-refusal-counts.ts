import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type AuditEvent, auditEventSchema } from '../../audit/event.ts';
import type { RefusalCount, RefusalCounts } from '../../audit/refusal-counts.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { minuteOf } from '../../contract/time.ts';
import { textOf } from './audit-rows.ts';
import { requesterInKey, shardOfRequester, shards } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { deleteEntity } from '../table/delete-entity.ts';
import { getEntity } from '../table/get-entity.ts';
import { readRange, type Row } from '../table/read-range.ts';
import { toTextProperties } from '../table/text-properties.ts';
import { isLostRace, orUnavailable } from '../table/unavailable.ts';

const PREFIX = 'refused!';
/** Requests of one requester at the same time may get in each other's way that often. */
const MAX_TRIES = 20;
const MAX_COUNTS = 1000;

const countSchema = z.object({ count: z.int(), etag: z.string() });

/** A row for each requester and minute, beside the checks. */
export function tableRefusalCounts(checks: TableClient): RefusalCounts {
  return {
    add: (event) => orUnavailable('AuditUnavailable', () => add(checks, event)),

    before: (time) =>
      orUnavailable('AuditUnavailable', async () => {
        const range = { after: PREFIX, before: PREFIX + minuteOf(time) };
        const rows = await Promise.all(
          shards.map((partition) => readRange(checks, { ...range, partition }, MAX_COUNTS)),
        );
        const counts = rows
          .flat()
          .map((row) => countOf(row) ?? `${checks.tableName}/${String(row['partitionKey'])}/${row.rowKey}`);
        return {
          counts: counts.filter((count) => typeof count !== 'string'),
          malformed: counts.filter((count) => typeof count === 'string'),
        };
      }),

    forget: ({ event, minute }: RefusalCount) =>
      orUnavailable('AuditUnavailable', () => {
        const { partitionKey, rowKey } = keysOf(event, minute);
        return deleteEntity(checks, partitionKey, rowKey);
      }),
  };
}

function countOf(row: Row): RefusalCount | undefined {
  const minute = row.rowKey.slice(PREFIX.length).split('!')[0] ?? '';
  const [kept, event] = [countSchema.safeParse(row).data, auditEventSchema.safeParse(jsonOf(textOf(row))).data];
  return kept && event && keysOf(event, minute).rowKey === row.rowKey
    ? { minute, count: kept.count, event }
    : undefined;
}

async function add(checks: TableClient, event: AuditEvent): Promise<void> {
  const keys = keysOf(event, minuteOf(new Date(event.time)));
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const entity = await getEntity(checks, keys.partitionKey, keys.rowKey);
    const kept = entity && countSchema.parse(entity);
    try {
      if (kept) await checks.updateEntity({ ...keys, count: kept.count + 1 }, 'Merge', { etag: kept.etag });
      else
        await createWhereMissing(
          () => checks.createTable(),
          () => checks.createEntity({ ...keys, count: 1, ...toTextProperties('event', canonicalJson(event)) }),
        );
      return;
    } catch (error) {
      // Another request was first, or the minute was just summed up.
      if (!isLostRace(error)) throw error;
    }
  }
  throw new Error('Too many refusals at once: one could not be counted.');
}

const keysOf = ({ requester }: AuditEvent, minute: string) => ({
  partitionKey: shardOfRequester(requester.id),
  rowKey: `${PREFIX}${minute}!${requesterInKey(requester.id)}`,
});
