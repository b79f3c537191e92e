import { odata, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
import { type AuditRow, type AuditRows, TIME_BIT } from '../../audit/verify/audit-rows.ts';
import { auditActionSchema } from '../../audit/event.ts';
import { jsonOf } from '../../contract/json-of.ts';
import { monthBefore, monthOf, monthOfPartition, partitionOfMonth, readRowKey, type RowKind } from './audit-keys.ts';
import { isRow, textOf, toAuditRow } from './audit-rows.ts';
import { streamRows } from '../table/stream-rows.ts';

const DAY_MILLISECONDS = 86_400_000;
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

/** A month that is not asked for is passed over by that many rows; where stray ones stand, so many come at a time. */
const PASSED_ROWS = 50;
const MAX_PAGE = 1000;

/** Rows of the audit's table, streamed: from month to month as there are any, and what stands between and beside them. */
export function tableAuditRows(audit: TableClient): AuditRows {
  return {
    async *between(first, last) {
      for (let rest = "PartitionKey ge ''"; ;) {
        const month = yield* strays(audit, rest);
        if (month === undefined) return;
        if (month >= monthOf(first) && (last === undefined || month <= monthOf(last)))
          for await (const entity of streamRows('StorageUnavailable', audit, filterOf(month, first, last), {
            maxPageSize: MAX_PAGE,
          }))
            yield toRow(audit.tableName, entity);
        rest = odata`PartitionKey gt ${partitionOfMonth(month)}`;
      }
    },
  };
}

/** The rows that stand in no month, up to the next month, which is the answer. */
async function* strays(audit: TableClient, filter: string): AsyncGenerator<AuditRow, string | undefined> {
  for await (const entity of streamRows('StorageUnavailable', audit, filter, { maxPageSize: PASSED_ROWS })) {
    const month = monthOfPartition(String(entity['partitionKey']));
    if (month !== undefined) return month;
    yield toRow(audit.tableName, entity);
  }
  return undefined;
}

/**
 * All of a month but what says that it is of another day of that month. What says no time, or one of another month, is
 * of every day: `not` is true of a column that is not there.
 */
function filterOf(month: string, first: string, last: string | undefined): string {
  const others = [
    [`${month}-01`, first],
    [last === undefined ? '' : dayAfter(last), `${monthBefore(month, -1)}-01`],
  ];
  const conditions = others
    .filter(([begin = '', end = '']) => begin.startsWith(month) && begin < end)
    .map(([begin, end]) => ` and not (${odata`time ge ${begin} and time lt ${end}`})`);
  return odata`PartitionKey eq ${partitionOfMonth(month)}` + conditions.join('');
}

const dayAfter = (day: string): string => new Date(Date.parse(day) + DAY_MILLISECONDS).toISOString().slice(0, 10);

function toRow(table: string, entity: Record<string, unknown>): AuditRow {
  const [partitionKey, rowKey] = [String(entity['partitionKey']), String(entity['rowKey'])];
  const month = monthOfPartition(partitionKey);
  const key = readRowKey(rowKey);
  const text = textOf(entity);
  return {
    place: `${table}/${partitionKey}/${rowKey}`,
    text,
    ...(month === undefined || key === undefined
      ? {}
      : {
          claim: { month, chain: key.chain, sequence: key.sequence, bit: bits[key.kind] },
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
