import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type AuditRow, type AuditRows, TIME_BIT } from '../audit/audit-rows.ts';
import { auditActionSchema } from '../audit/event.ts';
import { dayOfPartition, partitionOfDay, readRowKey, type RowKind } from './audit-keys.ts';
import { isRow, textOf, toAuditRow } from './audit-rows.ts';
import { orUnavailable, statusOf } from './unavailable.ts';

const bits: Readonly<Record<RowKind, number>> = { t: TIME_BIT, r: 2, a: 4, c: 8 };
const WITHOUT_CHECK = 7;
const WITH_CHECK = 15;

/** What decides where an event belongs; of an event whose hash is right no more need be checked. */
const placedSchema = z.object({
  id: z.string(),
  time: z.iso.datetime(),
  action: auditActionSchema,
  checkId: z.string().optional(),
  requester: z.object({ id: z.string() }),
});

/** All rows of the audit's table, streamed. */
export function tableAuditRows(audit: TableClient): AuditRows {
  return {
    async *between(first, last) {
      const from = last === undefined ? '' : partitionOfDay(last);
      yield* rows(audit, odata`PartitionKey ge ${from} and PartitionKey le ${partitionOfDay(first)}`);
      // Keys that sort after every day.
      yield* rows(audit, odata`PartitionKey gt ${'99999'}`);
    },
  };
}

async function* rows(audit: TableClient, filter: string): AsyncGenerator<AuditRow> {
  const pages = audit.listEntities({ queryOptions: { filter } }).byPage({ maxPageSize: 1000 })[Symbol.asyncIterator]();
  for (;;) {
    const page = await orUnavailable('StorageUnavailable', () => nextPage(pages));
    if (!page) return;
    for (const entity of page) yield toRow(audit.tableName, entity);
  }
}

async function nextPage(
  pages: AsyncIterator<Record<string, unknown>[]>,
): Promise<Record<string, unknown>[] | undefined> {
  try {
    const page = await pages.next();
    return page.done ? undefined : page.value;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function toRow(table: string, entity: Record<string, unknown>): AuditRow {
  const [partitionKey, rowKey] = [String(entity['partitionKey']), String(entity['rowKey'])];
  const day = dayOfPartition(partitionKey);
  const key = readRowKey(rowKey);
  const text = textOf(entity);
  return {
    place: `${table}/${partitionKey}/${rowKey}`,
    text,
    ...(day === undefined || key === undefined
      ? {}
      : {
          claim: { day, chain: key.chain, sequence: key.sequence, bit: bits[key.kind] },
          content: contentOf(entity, key, text),
        }),
  };
}

function contentOf(
  entity: Record<string, unknown>,
  { kind, sequence }: { readonly kind: RowKind; readonly sequence: number },
  text: string,
): AuditRow['content'] {
  const event = placedSchema.safeParse(jsonOf(text)).data;
  if (!event) return undefined;
  const row = toAuditRow({ sequence, event }, kind, text);
  return {
    time: event.time,
    inPlace: entity['partitionKey'] === row.partitionKey && entity['rowKey'] === row.rowKey,
    columnsAgree: isRow(entity, row),
    bits: event.checkId === undefined ? WITHOUT_CHECK : WITH_CHECK,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
