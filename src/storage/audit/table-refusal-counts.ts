import type { TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type AuditEvent, auditEventSchema } from '../../audit/event.ts';
import type { RefusalCount, RefusalCounts } from '../../audit/refusal-counts.ts';
import { canonicalJson } from '../../contract/canonical-json.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { isMinute, minuteOf } from '../../contract/time.ts';
import { textOf } from './audit-rows.ts';
import { requesterInKey, shardOfRequester, shards } from '../table/check-keys.ts';
import { createWhereMissing } from '../table/create-where-missing.ts';
import { deleteEntity } from '../table/delete-entity.ts';
import { getEntity } from '../table/get-entity.ts';
import { readRange, type Row } from '../table/read-range.ts';
import type { RowProofs } from '../guards/row-proofs.ts';
import { toTextProperties } from '../table/text-properties.ts';
import { isLostRace, orUnavailable } from '../table/unavailable.ts';

const PREFIX = 'refused!';
/** Requests of one requester at the same time may get in each other's way that often. */
const MAX_TRIES = 20;
const MAX_COUNTS = 1000;
/** So many rows of somebody else's are told of, however many there are. */
const MAX_MALFORMED = 20;

const countSchema = z.object({ count: z.int().positive(), proof: z.string() });

/** A row for each requester and minute, beside the checks. */
export function tableRefusalCounts(checks: TableClient, proofs: RowProofs): RefusalCounts {
  return {
    add: (event) => orUnavailable('AuditUnavailable', () => add(checks, proofs, event)),

    before: (time) =>
      orUnavailable('AuditUnavailable', async () => {
        const before = PREFIX + minuteOf(time);
        const found = await Promise.all(shards.map((partition) => countsIn(checks, proofs, { partition, before })));
        return {
          counts: found.flatMap(({ counts }) => counts),
          malformed: found.flatMap(({ malformed }) => malformed).slice(0, MAX_MALFORMED),
        };
      }),

    forget: ({ event, minute }: RefusalCount) =>
      orUnavailable('AuditUnavailable', () => {
        const { partitionKey, rowKey } = keysOf(event, minute);
        return deleteEntity(checks, partitionKey, rowKey);
      }),
  };
}

/** Past all rows that are none, however many: they keep no count waiting. */
async function countsIn(
  checks: TableClient,
  proofs: RowProofs,
  { partition, before }: { readonly partition: string; readonly before: string },
) {
  const counts: RefusalCount[] = [];
  const malformed: string[] = [];
  for (let after = PREFIX; ;) {
    const rows = await readRange(checks, { partition, after, before }, MAX_COUNTS);
    for (const row of rows) {
      const count = await countOf(proofs, row);
      if (count) counts.push(count);
      else malformed.push(`${checks.tableName}/${partition}/${row.rowKey}`);
    }
    const last = rows.at(-1);
    if (!last || rows.length < MAX_COUNTS || counts.length >= MAX_COUNTS)
      return { counts, malformed: malformed.slice(0, MAX_MALFORMED) };
    after = last.rowKey;
  }
}

/** `undefined`: the proxy did not count that. */
async function countOf(proofs: RowProofs, row: Row): Promise<RefusalCount | undefined> {
  const minute = row.rowKey.slice(PREFIX.length).split('!')[0] ?? '';
  const [kept, event] = [countSchema.safeParse(row).data, auditEventSchema.safeParse(jsonOf(textOf(row))).data];
  if (!kept || !event || !isMinute(minute) || keysOf(event, minute).rowKey !== row.rowKey) return undefined;
  const count = { minute, count: kept.count, event };
  return (await proofs.isProven('refusals', count, kept.proof)) ? count : undefined;
}

async function add(checks: TableClient, proofs: RowProofs, event: AuditEvent): Promise<void> {
  const minute = minuteOf(new Date(event.time));
  const keys = keysOf(event, minute);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const entity = await getEntity(checks, keys.partitionKey, keys.rowKey);
    // A row of somebody else's is replaced.
    const kept = entity && (await countOf(proofs, { ...entity, ...keys }));
    const next = { minute, count: (kept?.count ?? 0) + 1, event: kept?.event ?? event };
    const row = {
      ...{ ...keys, count: next.count, ...toTextProperties('event', canonicalJson(next.event)) },
      ...(await proofs.prove('refusals', next)),
    };
    try {
      if (entity) await checks.updateEntity(row, 'Replace', { etag: entity.etag });
      else
        await createWhereMissing(
          () => checks.createTable(),
          () => checks.createEntity(row),
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
